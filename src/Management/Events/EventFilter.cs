using System.Collections.Frozen;

namespace AkkaScale.Management.Events;

/// <summary>Which events a stream is to tell, from its type parameters.</summary>
internal sealed class EventFilter
{
    private static readonly string[] MemberEvents =
    [
        "MemberJoined", "MemberWeaklyUp", "MemberUp", "MemberLeft", "MemberExited", "MemberDowned", "MemberRemoved",
    ];

    private static readonly string[] ReachabilityEvents = ["UnreachableMember", "ReachableMember"];
    private static readonly string[] AkkasEvents = [.. MemberEvents, .. ReachabilityEvents, nameof(LeaderChanged)];
    private static readonly string[] ShardEvents = [nameof(ShardHomeChanged)];
    private static readonly string[] All = [.. AkkasEvents, .. ShardEvents, nameof(AuditWritten)];

    private static readonly FrozenDictionary<string, string[]> Groups = new Dictionary<string, string[]>
    {
        ["MemberEvent"] = MemberEvents,
        ["ReachabilityEvent"] = ReachabilityEvents,
        ["ClusterDomainEvent"] = AkkasEvents,
        ["ShardEvent"] = ShardEvents,
        ["*"] = All,
    }.ToFrozenDictionary();

    private readonly FrozenSet<string> _types;

    private EventFilter(IEnumerable<string> types) => _types = types.ToFrozenSet();

    /// <summary>Every name that may be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Groups.Keys.Concat(All).Order(StringComparer.Ordinal)];

    public bool Includes(string type) => _types.Contains(type);

    /// <param name="asked">None: Akka's own.</param>
    /// <returns>Null: a name is not known.</returns>
    public static EventFilter? Of(IReadOnlyList<string> asked)
    {
        var names = asked
            .SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        return names.Count == 0 ? new EventFilter(AkkasEvents)
            : names.All(name => Groups.ContainsKey(name) || All.Contains(name))
                ? new EventFilter(names.SelectMany(name => Groups.GetValueOrDefault(name) ?? [name]))
            : null;
    }
}
