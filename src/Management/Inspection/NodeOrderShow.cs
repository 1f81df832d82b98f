using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>What an order about a node leads to, in words. Pure.</summary>
internal static class NodeOrderShow
{
    /// <param name="sight">As it was before the order.</param>
    public static NodeOrderOutcome Outcome(ClusterSight sight, string node, NodeOrderKind? kind)
    {
        var owners = sight.Rows.Where(row => row.IsLive && row.Name == node).Select(row => row.Incarnation).ToHashSet(StringComparer.Ordinal);
        var shards = sight.Regions.Sum(region => region.Leases.Count(lease => lease.Owner is { } owner && owners.Contains(owner)));
        return new NodeOrderOutcome(node, kind, shards, Message(sight, node, kind, shards, isThere: owners.Count > 0));
    }

    private static string Message(ClusterSight sight, string node, NodeOrderKind? kind, int shards, bool isThere)
    {
        if (kind is null)
        {
            return sight.OrderOf(node) is null
                ? $"{node} takes shards already."
                : $"{node} takes shards again: the balance gives it its share when members have been quiet for a while.";
        }

        if (!isThere)
        {
            return $"No member is called {node} now: when one is, it gets no shards.";
        }

        var hasOthers = sight.Hosts.Any(row => row.Name != node && MemberShow.StatusOf(sight, row) == "Up" && sight.OrderOf(row.Name) is null);
        var others = hasOthers ? "" : " No other node takes shards: one that needs a home may get it here all the same.";
        return (kind, hasOthers) switch
        {
            (NodeOrderKind.Cordon, _) => $"{node} gets no more shards; it keeps the {shards} that it has.{others}",
            (_, true) => $"{node} gets no more shards and gives away the {shards} that it has, a few at a time.",
            _ => $"{node} is to give away the {Counted.Of(shards, "shard")} that it has when another node takes shards.{others}",
        };
    }
}
