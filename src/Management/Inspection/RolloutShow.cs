using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Management.Answers;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// In which order nodes are best restarted. Coordinators run on the oldest member that hosts shards and go to the next when it leaves: youngest first, they
/// move once; oldest first, they would move at every step. Pure.
/// </summary>
internal static class RolloutShow
{
    /// <param name="handOvers">Seconds of the latest ones.</param>
    public static RolloutAnswer Of(ClusterSight sight, IReadOnlyList<double> handOvers)
    {
        var rows = MemberShow.Shown(sight).Where(row => row.IsLive).ToList();
        var hosts = rows.Where(row => sight.AreHosts(row.Roles))
            .OrderByDescending(row => sight.InGossip(row)?.Age ?? int.MaxValue).ThenBy(row => row.Name, StringComparer.Ordinal).ToList();
        var sorted = handOvers.Order().ToList();
        var steps = hosts.Select((row, place) => Step(sight, row, sorted, isLast: place == hosts.Count - 1, WhyHost(hosts.Count, place)))
            .Concat(rows.Except(hosts).Select(row => Step(
                sight, row, sorted, isLast: false, "it hosts no shards: after those that do, so that they know what it may ask of them")));
        return new RolloutAnswer([.. steps], [.. Waits(sight, hosts)], sorted.Count);
    }

    private static string WhyHost(int count, int place) =>
        count == 1 ? "the only one that hosts shards: nothing is served until it is back"
        : place < count - 1 ? "younger than those after it: the coordinators stay where they are"
        : "the oldest, where the coordinators are: last, so that they move only once";

    private static RolloutStep Step(ClusterSight sight, NodeRow row, List<double> handOvers, bool isLast, string why)
    {
        var shards = sight.Regions.Sum(region => region.Leases.Count(lease => lease.Owner == row.Incarnation));
        double? wait = shards == 0 ? 0 : handOvers.Count == 0 ? null : handOvers[handOvers.Count / 2];
        return new RolloutStep(
            row.Name, row.Incarnation, row.Version, shards, isLast, why, wait, shards == 0 ? 0 : handOvers.Count == 0 ? null : handOvers[^1]);
    }

    private static IEnumerable<string> Waits(ClusterSight sight, List<NodeRow> hosts)
    {
        foreach (var away in sight.Gossip.Where(member => !member.IsReachable))
        {
            yield return $"{sight.At(away.Address)?.Name ?? away.Address} cannot be reached: wait until it can, or is gone";
        }

        foreach (var unsettled in sight.Gossip.Where(member => member.IsReachable && member.Status != MemberStatus.Up))
        {
            yield return $"{sight.At(unsettled.Address)?.Name ?? unsettled.Address} is {unsettled.Status.ToString().ToLowerInvariant()}: wait until that is over";
        }

        var unowned = sight.Regions.Sum(region => region.Leases.Count(lease => lease.Epoch > 0 && sight.Find(lease.Owner) is not { IsGone: false }));
        if (unowned > 0)
        {
            yield return $"{Counted.Of(unowned, "shard has", "shards have")} no owner: wait until {(unowned == 1 ? "it has" : "they have")}";
        }

        var moving = sight.Regions.Sum(region => region.Leases.Where((lease, shard) =>
            sight.At(region.HomeOf(shard)) is { } home && sight.Find(lease.Owner) is { } owner && home.Incarnation != owner.Incarnation).Count());
        if (moving > 0)
        {
            yield return $"{Counted.Of(moving, "shard is", "shards are")} on {(moving == 1 ? "its" : "their")} way: wait until {(moving == 1 ? "it has" : "they have")} arrived";
        }

        if (hosts.Count == 1)
        {
            yield return "only one node hosts shards: start a second one first, and nothing has to wait for a restart";
        }
        else if (hosts.Count(row => sight.OrderOf(row.Name) is null) is var open && open < hosts.Count && open < 2)
        {
            yield return "of the nodes that host shards fewer than two take them: uncordon one first";
        }
    }
}
