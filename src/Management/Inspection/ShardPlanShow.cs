using System.Collections.Immutable;
using System.Globalization;
using Akka.Cluster;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Allocation;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// The whole way that coordinators would go, by their own plan, without their pauses and bounds; for the cluster as it is, or as it would be with
/// other nodes. Pure.
/// </summary>
internal static class ShardPlanShow
{
    private const int MostNew = 1_000;

    /// <param name="resting">Shards that the balance leaves alone, since they were moved by order.</param>
    /// <exception cref="OrderRefusedException">No such region or node, or nobody knows where shards are.</exception>
    public static ShardPlanFacts Of(ClusterSight sight, PlanWish wish, IReadOnlySet<ShardKey> resting)
    {
        if (wish.With is < 0 or > MostNew)
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"with is 0 to {MostNew}.");
        }

        if (wish.Without is { } without && sight.Rows.All(row => row.Name != without))
        {
            throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no node {without}; known are {string.Join(", ", MemberNames.LiveNames(sight.Rows))}.");
        }

        var members = Members(sight);
        members.AddRange(Enumerable.Range(1, wish.With).Select(number => NewNode(number, members)));
        var regions = wish.Region is { } name ? [MoveCheck.Region(sight, name)] : sight.Regions;
        var plans = regions.Select(region => (Region: region, Inputs: Inputs(sight, region, members, wish.Without, resting)))
            .Select(each => (each.Region, each.Inputs, Moves: LeastShardsPlan.Of(each.Inputs))).ToList();
        var names = members.ToDictionary(member => member.Address, member => member.NodeName, StringComparer.Ordinal);
        return new ShardPlanFacts(
            [
                .. plans.SelectMany(plan => plan.Moves.Select(move => new PlannedMove(
                    new ShardKey(plan.Region.Name, move.Shard), names[move.From], names[move.To], move.Reason,
                    plan.Region.Leases[move.Shard].Epoch))),
            ],
            [.. members.Select(member => Count(member, plans.Select(plan => (plan.Inputs, plan.Moves))))],
            [.. MovePauses.Of(sight).Concat(Rests(resting.Count(shard => regions.Any(region => region.Name == shard.Region))))]);
    }

    /// <summary>Members that may be given shards, or could be, in order of name.</summary>
    public static List<AllocationMember> Members(ClusterSight sight) =>
    [
        .. sight.Gossip.Where(member => member.Status == MemberStatus.Up && member.IsReachable && sight.AreHosts(member.Roles))
            .Select(member => new AllocationMember(member.Address, sight.At(member.Address)?.Name ?? member.Address))
            .OrderBy(member => member.NodeName, StringComparer.Ordinal),
    ];

    /// <exception cref="OrderRefusedException">Nobody knows where shards are.</exception>
    public static AllocationInputs Inputs(
        ClusterSight sight, RegionSight region, List<AllocationMember> members, string? without, IReadOnlySet<ShardKey> resting)
    {
        if (region.Homes is not { } homes)
        {
            throw new OrderRefusedException(
                StatusCodes.Status503ServiceUnavailable, $"The coordinator of {region.Name} has not told yet where its shards are: ask again.");
        }

        var closed = sight.Orders.Nodes.ToImmutableSortedDictionary(order => order.NodeName, order => order, StringComparer.Ordinal);
        var others = sight.Gossip.Where(member => !region.AreHosts(member.Roles)).Select(member => member.Address).ToHashSet(StringComparer.Ordinal);
        return new AllocationInputs([.. members.Where(member => !others.Contains(member.Address))], [.. homes.Select(home => new ShardPlacement(home.Key, home.Value))])
        {
            Orders = sight.Orders.Shards.Where(order => order.Region == region.Name)
                .ToImmutableSortedDictionary(order => order.Shard, order => order),
            Closed = without is null ? closed : closed.SetItem(without, new NodeOrder(without, NodeOrderKind.Drain, "this plan", "")),
            Resting = [.. resting.Where(shard => shard.Region == region.Name).Select(shard => shard.Number)],
            Weights = [.. region.Weights],
        };
    }

    private static AllocationMember NewNode(int number, List<AllocationMember> members)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"new-{number}");
        return new AllocationMember(name, members.Exists(member => member.NodeName == name) ? $"{name}*" : name);
    }

    private static PlannedNode Count(
        AllocationMember member, IEnumerable<(AllocationInputs Inputs, IReadOnlyList<AllocationMove> Moves)> plans)
    {
        var (before, after) = (0, 0);
        long? weightBefore = 0, weightAfter = 0;
        foreach (var (inputs, moves) in plans)
        {
            var targets = moves.ToDictionary(move => move.Shard, move => move.To);
            var had = inputs.Placements.Where(placement => placement.Home == member.Address).Select(placement => placement.Shard).ToList();
            var has = inputs.Placements.Where(placement => targets.GetValueOrDefault(placement.Shard, placement.Home) == member.Address)
                .Select(placement => placement.Shard).ToList();
            (before, after) = (before + had.Count, after + has.Count);
            weightBefore += had.Aggregate((long?)0, (sum, shard) => sum + inputs.WeightOf(shard));
            weightAfter += has.Aggregate((long?)0, (sum, shard) => sum + inputs.WeightOf(shard));
        }

        return new PlannedNode(member.NodeName, before, after, weightBefore, weightAfter);
    }

    private static IEnumerable<string> Rests(int count)
    {
        if (count > 0)
        {
            yield return $"{Counted.Of(count, "shard was", "shards were")} moved by order, and the balance leaves {(count == 1 ? "it" : "them")} alone for a time";
        }
    }
}
