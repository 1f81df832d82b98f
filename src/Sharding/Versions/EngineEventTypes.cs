using AkkaScale.Cluster.Membership;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Versions;

/// <summary>Event types that the engine writes into an entity's journal beside those its kind declares. Each member says that it reads them, as of any other.</summary>
public static class EngineEventTypes
{
    /// <summary>The acceptance of a message that led to no event of the kind.</summary>
    public const string Message = "$message";

    /// <summary>A sender is done with its messages and may be forgotten.</summary>
    public const string Closed = "$closed";

    public static IReadOnlyList<string> All { get; } = [Closed, Message];

    /// <summary>What a process with these kinds reads, as its member row says it.</summary>
    public static ReadableVersions ReadsOf(EntityKindRegistry kinds) =>
        ReadableVersions.Of(kinds.Names.Select(kinds.Find).Select(kind => (kind!.Name, kind.StateVersion, kind.EventTypes.Concat(All))));
}
