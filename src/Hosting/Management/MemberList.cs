using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Hosting.Management;

/// <summary>Members as the management API shows them.</summary>
internal static class MemberList
{
    /// <summary>Those that are not over, in order of name.</summary>
    public static IReadOnlyList<MemberSnapshot> Shown(ClusterReading reading) =>
        [.. reading.Members.Where(member => !member.IsGone).OrderBy(member => member.NodeName, StringComparer.Ordinal)];

    public static MemberAnswer Show(ClusterReading reading, string clusterName, MemberSnapshot member) => new(
        NodeOf(clusterName, member), member.Incarnation.ToString(), member.Status.ToString(), member.Roles, member.NodeName, member.ManagementAddress, member.Version,
        reading.Owners.Count(row => row.Owner == member.Incarnation), member.RenewCounter, member.JoinedAt, member.Reason,
        NodeOrders.Text(reading.Orders.FirstOrDefault(order => order.NodeName == member.NodeName)?.Kind));

    public static string NodeOf(string clusterName, MemberSnapshot member) => $"akkascale://{clusterName}@{member.Address}";
}
