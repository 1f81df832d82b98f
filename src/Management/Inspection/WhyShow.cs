using System.Globalization;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;

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

        foreach (var pause in MovePauses.Of(sight))
        {
            yield return pause;
        }

        if (sight.Regions.First(region => region.Name == shard.Key.Region).Homes is null)
        {
            yield return "no coordinator has told yet where its shards are";
        }

        if (shard.PinnedTo is { } pinned)
        {
            yield return shard.Owner == pinned ? $"it is pinned to {pinned}" : $"nothing: it is pinned to {pinned}, and goes there when that is up and takes shards";
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

    /// <summary>Null: the balance may want it elsewhere, or it is nowhere.</summary>
    private static string? Balance(ClusterSight sight, ShardFacts shard)
    {
        var region = sight.Regions.First(each => each.Name == shard.Key.Region);
        var counts = sight.Hosts.Where(row => region.AreHosts(row.Roles) && MemberShow.StatusOf(sight, row) == "Up" && sight.OrderOf(row.Name) is null)
            .Select(row => (row.Name, Count: region.Leases.Count(lease => lease.Owner == row.Incarnation)))
            .OrderBy(each => each.Name, StringComparer.Ordinal).ToList();
        var own = counts.Find(each => each.Name == shard.Owner);
        return own.Name is not null && own.Count - counts.Min(each => each.Count) <= 1
            ? $"the balance does not ask for it: {string.Join(", ", counts.Select(each => $"{each.Name} has {each.Count}"))}"
            : null;
    }
}
