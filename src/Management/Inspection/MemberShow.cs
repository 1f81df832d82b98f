using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>Members as they are shown. Pure.</summary>
internal static class MemberShow
{
    /// <param name="unreached">By the address of each member that said so, whom it does not reach.</param>
    public static ClusterMembers Members(ClusterSight sight, IReadOnlyDictionary<string, IReadOnlyList<string>> unreached) => new(
        sight.Self,
        sight.Leader,
        sight.Gossip.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).MinBy(member => member.Age)?.Address,
        [.. Shown(sight).Select(row => Member(sight, row))],
        [
            .. sight.Gossip
                .Select(member => new UnreachableMember(member.Address, ObserversOf(sight, member, unreached)))
                .Where(member => member.ObservedBy.Count > 0)
                .OrderBy(member => member.Address, StringComparer.Ordinal),
        ])
    {
        Orders = sight.Orders.Nodes,
    };

    public static MemberFacts Member(ClusterSight sight, NodeRow row) => new(
        row.Incarnation,
        row.Address,
        row.Name,
        StatusOf(sight, row),
        row.Roles,
        row.ManagementUrl is { } url && Uri.TryCreate(url, UriKind.Absolute, out var management) ? management.Authority : "",
        row.Version,
        sight.Regions.Sum(region => region.Leases.Count(lease => lease.Owner == row.Incarnation)),
        row.Renewals,
        new DateTimeOffset(DateTime.SpecifyKind(row.StartedAt, DateTimeKind.Utc)),
        row.Reason ?? (row.Generation > 0 ? "joined" : "joining"))
    {
        Order = sight.OrderOf(row.Name),
    };

    /// <summary>In order of name.</summary>
    public static IEnumerable<NodeRow> Shown(ClusterSight sight) => sight.Rows.Where(row => !row.IsGone)
        .OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Incarnation, StringComparer.Ordinal);

    /// <summary>What the database says ends a member's life; what of it Akka makes before that.</summary>
    public static string StatusOf(ClusterSight sight, NodeRow row) => row.State switch
    {
        NodeState.Down => "Down",
        NodeState.Dead => "Dead",
        NodeState.Left => "Left",
        _ => sight.InGossip(row)?.Status switch
        {
            MemberStatus.Up => "Up",
            MemberStatus.Leaving or MemberStatus.Exiting => "Leaving",
            MemberStatus.Down or MemberStatus.Removed => "Down",
            _ => "Joining",
        },
    };

    /// <summary>Somebody does not reach it if gossip says so: the node that answers, when nobody says that it is him.</summary>
    private static IReadOnlyList<string> ObserversOf(
        ClusterSight sight, GossipMember member, IReadOnlyDictionary<string, IReadOnlyList<string>> unreached)
    {
        string[] observers =
        [
            .. unreached.Where(said => said.Value.Contains(member.Address)).Select(said => said.Key).Order(StringComparer.Ordinal),
        ];
        return observers.Length == 0 && !member.IsReachable ? [sight.Self] : observers;
    }
}
