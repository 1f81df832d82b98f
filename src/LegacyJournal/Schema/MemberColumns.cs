using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Schema;

/// <summary>How enums and lists of the member table are written.</summary>
internal static class MemberColumns
{
    public static string Text(MemberStatus status) => status switch
    {
        MemberStatus.Joining => "joining",
        MemberStatus.Up => "up",
        MemberStatus.Leaving => "leaving",
        MemberStatus.Down => "down",
        MemberStatus.Dead => "dead",
        MemberStatus.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static MemberStatus Status(string text) => text switch
    {
        "joining" => MemberStatus.Joining,
        "up" => MemberStatus.Up,
        "leaving" => MemberStatus.Leaving,
        "down" => MemberStatus.Down,
        "dead" => MemberStatus.Dead,
        "removed" => MemberStatus.Removed,
        _ => throw new InvalidDataException($"The store holds an unknown member status '{text}'."),
    };

    public static string Text(ImmutableArray<string> roles) => string.Join(',', roles);

    public static string Text(IEnumerable<Incarnation> members) => string.Join(',', members);

    public static ImmutableArray<Incarnation> Members(string text) =>
        text.Length == 0 ? ImmutableArray<Incarnation>.Empty : [.. text.Split(',').Select(Incarnation.Parse)];

    public static ImmutableArray<string> Roles(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)];
}
