using Akka.Cluster;
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
        return [.. sight.Regions.SelectMany(region => Of(region, members)).Take(maxMoves ?? int.MaxValue)];
    }

    private static IEnumerable<MoveOrder> Of(RegionSight region, List<AllocationMember> members)
    {
        if (region.Homes is not { } homes)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"The coordinator of {region.Name} has not told yet where its shards are: ask again.");
        }

        var names = members.ToDictionary(member => member.Address, member => member.NodeName, StringComparer.Ordinal);
        var inputs = new AllocationInputs([.. members], [.. homes.Select(home => new ShardPlacement(home.Key, home.Value))]);
        return LeastShardsPlan.Of(inputs).Select(
            move => new MoveOrder(new ShardKey(region.Name, move.Shard), names[move.To], $"balance: {move.Reason}", null, null));
    }
}
