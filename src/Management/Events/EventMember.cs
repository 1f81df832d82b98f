using Akka.Cluster;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Management.Events;

/// <summary>A member as events show it: what gossip and its row say of it. The names are those of `/cluster/members`.</summary>
/// <param name="Node">Address.</param>
/// <param name="NodeUid">Incarnation; null: its row has not been read yet, or it has none.</param>
/// <param name="Status">Akka's.</param>
internal sealed record EventMember(
    string Node, string? NodeUid, string Name, string Status, IReadOnlyList<string> Roles, string ManagementAddress, string Version,
    DateTimeOffset? JoinedAt, string? Reason)
{
    /// <param name="row">Null: what only the row tells stays as it was known before.</param>
    public static EventMember Of(Member member, NodeRow? row, EventMember? before)
    {
        var (address, status) = (member.Address.ToString(), member.Status.ToString());
        return (row, before) switch
        {
            ({ } known, _) => new EventMember(
                address, known.Incarnation, known.Name, status, known.Roles,
                known.ManagementUrl is { } url && Uri.TryCreate(url, UriKind.Absolute, out var management) ? management.Authority : "",
                known.Version, new DateTimeOffset(DateTime.SpecifyKind(known.StartedAt, DateTimeKind.Utc)), known.Reason),
            (null, { } known) => known with { Status = status },
            _ => new EventMember(
                address, null, $"{member.Address.Host}:{member.Address.Port}", status, [.. member.Roles.Order(StringComparer.Ordinal)],
                "", "", null, null),
        };
    }
}
