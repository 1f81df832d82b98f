using System.Collections.Immutable;
using System.Globalization;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Allocation;

namespace AkkaScale.Management.Inspection;

/// <summary>Why a shard is where it is, and what keeps it there. Pure.</summary>
internal static class WhyShow
{
    /// <param name="decisions">About it, the latest first.</param>
    /// <param name="moveRest">For so long the balance leaves a shard alone that was moved by order.</param>
    /// <param name="now">UTC.</param>
    public static ShardStory Of(
        ClusterSight sight, ShardKey key, IReadOnlyList<ShardDecision> decisions, TimeSpan moveRest, DateTime now)
    {
        var shard = ShardShow.Map(sight, new Dictionary<ShardKey, int>()).Shards.First(each => each.Key == key);
        var housed = decisions.FirstOrDefault(each => each.Kind == ShardDecisionKind.Home);
        var isHoused = housed is not null && housed.To == shard.Owner;

        // Where a hand-over ended, what began it says why; who gave it a home then only followed.
        var began = isHoused
            ? decisions.FirstOrDefault(each => each.Kind == ShardDecisionKind.Move && each.Nr < housed!.Nr && housed.Numbers.ContainsKey("handOverSeconds"))
            : null;
        return new ShardStory(
            shard,
            isHoused ? housed!.At : null,
            isHoused ? began is { } move && move.To == housed!.To ? move.Reason : housed!.Reason : null,
            sight.Orders.Shards.FirstOrDefault(order => order.Region == key.Region && order.Shard == key.Number),
            [.. Keeps(sight, shard, decisions, moveRest, now)],
            decisions);
    }

    private static IEnumerable<string> Keeps(
        ClusterSight sight, ShardFacts shard, IReadOnlyList<ShardDecision> decisions, TimeSpan moveRest, DateTime now)
    {
        if (shard.Target is { } target)
        {
            yield return $"nothing: it is on its way to {target}";
            yield break;
        }

        if (sight.Stuck.FirstOrDefault(entity => entity.Region == shard.Key.Region && entity.Shard == shard.Key.Number) is { } stuck)
        {
            yield return stuck.Word;
        }

        foreach (var pause in MovePauses.Of(sight))
        {
            yield return pause;
        }

        if (sight.Regions.First(region => region.Name == shard.Key.Region).Homes is null)
        {
            yield return "no coordinator has told yet where its shards are";
        }

        if (shard.Order is { } wanted && shard.Owner != wanted.NodeName && Closed(sight, wanted.NodeName) is { } closed)
        {
            yield return wanted.Kind == ShardOrderKind.Pin ? $"{closed}: the pin waits" : $"{closed}: the order to move it there waits, and is given up after a while";
        }
        else if (shard.PinnedTo is { } pinned)
        {
            yield return shard.Owner == pinned ? $"it is pinned to {pinned}" : $"nothing: it is pinned to {pinned}, and goes there";
        }

        if (shard.Owner is { } owner && sight.OrderOf(owner) is { } order)
        {
            yield return order.Kind == NodeOrderKind.Cordon ? $"{owner} is cordoned, and keeps what it has" : $"nothing: {owner} is being drained";
        }

        if (decisions.FirstOrDefault(each => each.Kind is ShardDecisionKind.Arrived or ShardDecisionKind.Home) is { Kind: ShardDecisionKind.Arrived } arrived
            && arrived.To == shard.Owner && arrived.At + moveRest > now)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"it was moved by order: the balance leaves it alone until {arrived.At + moveRest:yyyy-MM-dd HH:mm:ss} UTC");
        }

        if (Balance(sight, shard) is { } balance)
        {
            yield return balance;
        }
    }

    /// <summary>Why a node takes no shards; null: it takes them.</summary>
    private static string? Closed(ClusterSight sight, string node) => sight.OrderOf(node) switch
    {
        { Kind: NodeOrderKind.Drain } => $"{node} is being drained",
        { } => $"{node} is cordoned",
        null => sight.Hosts.Any(row => row.Name == node && MemberShow.StatusOf(sight, row) == "Up") ? null : $"{node} is not up",
    };

    /// <summary>Null: the balance may want it elsewhere, by number or by load, or it is nowhere.</summary>
    private static string? Balance(ClusterSight sight, ShardFacts shard)
    {
        var region = sight.Regions.First(each => each.Name == shard.Key.Region);
        var counts = sight.Hosts.Where(row => region.AreHosts(row.Roles) && MemberShow.StatusOf(sight, row) == "Up" && sight.OrderOf(row.Name) is null)
            .Select(row => (row.Name, Count: region.Leases.Count(lease => lease.Owner == row.Incarnation)))
            .OrderBy(each => each.Name, StringComparer.Ordinal).ToList();
        var own = counts.Find(each => each.Name == shard.Owner);
        return own.Name is not null && own.Count - counts.Min(each => each.Count) <= 1 && !IsPlanned(sight, region, shard.Key.Number)
            ? $"the balance does not ask for it: {string.Join(", ", counts.Select(each => $"{each.Name} has {each.Count}{Weight(sight, region, each.Name)}"))}"
            : null;
    }

    private static bool IsPlanned(ClusterSight sight, RegionSight region, int shard) => region.Homes is not null
        && LeastShardsPlan.Of(ShardPlanShow.Inputs(sight, region, ShardPlanShow.Members(sight), without: null, ImmutableHashSet<ShardKey>.Empty))
            .Any(move => move.Shard == shard);

    /// <summary>Empty where something of it is not known.</summary>
    private static string Weight(ClusterSight sight, RegionSight region, string node)
    {
        var weights = Enumerable.Range(0, region.ShardCount).Where(shard => sight.At(region.HomeOf(shard))?.Name == node)
            .Select(region.Weights.ElementAtOrDefault).ToList();
        return weights.Count == 0 || weights.Contains(0) ? "" : $" that weigh {weights.Sum(each => (long)each)}";
    }
}
