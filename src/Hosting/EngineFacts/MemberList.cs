using AkkaScale.Hosting.Facts;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>Members as they are shown.</summary>
internal static class MemberList
{
    /// <summary>Those that are not over, in order of name.</summary>
    public static IReadOnlyList<MemberSnapshot> Shown(ClusterReading reading) =>
        [.. reading.Members.Where(member => !member.IsGone).OrderBy(member => member.NodeName, StringComparer.Ordinal)];

    public static MemberFacts Show(ClusterReading reading, string clusterName, MemberSnapshot member) => new(
        member.Incarnation.ToString(), NodeOf(clusterName, member), member.NodeName, member.Status.ToString(), member.Roles,
        member.ManagementAddress, member.Version, reading.Owners.Count(row => row.Owner == member.Incarnation), member.RenewCounter,
        member.JoinedAt, member.Reason,
        OrderChecks.Text(reading.Orders.FirstOrDefault(order => order.NodeName == member.NodeName)?.Kind));

    public static string NodeOf(string clusterName, MemberSnapshot member) => $"akkascale://{clusterName}@{member.Address}";
}
