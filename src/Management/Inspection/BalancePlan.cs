using System.Collections.Immutable;
using Akka.Cluster;
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

        var members = sight.Gossip.Where(member => member.Status == MemberStatus.Up && member.Roles.Contains(sight.EntityRole))
            .Select(member => new AllocationMember(member.Address, sight.At(member.Address)?.Name ?? member.Address)).ToList();
        return [.. sight.Regions.SelectMany(region => Of(sight, region, members)).Take(maxMoves ?? int.MaxValue)];
    }

    /// <remarks>Coordinators do by themselves what pins, orders and drains ask for: none of it is ordered once more.</remarks>
    private static IEnumerable<MoveOrder> Of(ClusterSight sight, RegionSight region, List<AllocationMember> members)
    {
        if (region.Homes is not { } homes)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"The coordinator of {region.Name} has not told yet where its shards are: ask again.");
        }

        var names = members.ToDictionary(member => member.Address, member => member.NodeName, StringComparer.Ordinal);
        var inputs = InputsOf(sight, region.Name, members, homes);
        var draining = inputs.Closed.Values.Where(order => order.Kind == NodeOrderKind.Drain).Select(order => order.NodeName).ToHashSet();
        return LeastShardsPlan.Of(inputs)
            .Where(move => !inputs.Orders.ContainsKey(move.Shard) && !draining.Contains(names[move.From]))
            .Select(move => new MoveOrder(new ShardKey(region.Name, move.Shard), names[move.To], $"balance: {move.Reason}", null, null));
    }

    private static AllocationInputs InputsOf(
        ClusterSight sight, string region, List<AllocationMember> members, IReadOnlyDictionary<int, string> homes) =>
        new([.. members], [.. homes.Select(home => new ShardPlacement(home.Key, home.Value))])
        {
            Orders = sight.Orders.Shards.Where(order => order.Region == region).ToImmutableSortedDictionary(order => order.Shard, order => order),
            Closed = sight.Orders.Nodes.ToImmutableSortedDictionary(order => order.NodeName, order => order, StringComparer.Ordinal),
        };
}
