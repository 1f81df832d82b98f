using System.Collections.Immutable;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Allocation;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>What it takes to make members even, by the plan that coordinators follow, without their pauses. Pure.</summary>
internal static class BalancePlan
{
    /// <param name="maxMoves">Null: as many as it takes.</param>
    /// <exception cref="OrderRefusedException">
    /// The bound is no number of moves, or coordinators would not follow now: a member cannot be reached, or nobody knows where shards are.
    /// </exception>
    public static IReadOnlyList<MoveOrder> Of(ClusterSight sight, int? maxMoves)
    {
        if (maxMoves is < 1)
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, "maxMoves must be at least 1.");
        }

        if (sight.Gossip.FirstOrDefault(member => !member.IsReachable) is { } away)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"{sight.At(away.Address)?.Name ?? away.Address} cannot be reached: shards move when it can, or is gone.");
        }

        var members = ShardPlanShow.Members(sight);
        return [.. sight.Regions.SelectMany(region => Of(sight, region, members)).Take(maxMoves ?? int.MaxValue)];
    }

    /// <remarks>Coordinators do by themselves what pins, orders and drains ask for: none of it is ordered once more.</remarks>
    private static IEnumerable<MoveOrder> Of(ClusterSight sight, RegionSight region, List<AllocationMember> members)
    {
        var inputs = ShardPlanShow.Inputs(sight, region, members, without: null, ImmutableHashSet<ShardKey>.Empty);
        var names = members.ToDictionary(member => member.Address, member => member.NodeName, StringComparer.Ordinal);
        var draining = inputs.Closed.Values.Where(order => order.Kind == NodeOrderKind.Drain).Select(order => order.NodeName).ToHashSet();
        return LeastShardsPlan.Of(inputs)
            .Where(move => !inputs.Orders.ContainsKey(move.Shard) && !draining.Contains(names[move.From]))
            .Select(move => new MoveOrder(new ShardKey(region.Name, move.Shard), names[move.To], $"balance: {move.Reason}", null, null));
    }
}
