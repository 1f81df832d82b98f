using AkkaScale.Cluster.Membership;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Versions;

/// <summary>Event types that a process reads.</summary>
public static class EngineEventTypes
{
    /// <summary>What a process with these kinds reads, as its member row says it.</summary>
    public static ReadableVersions ReadsOf(EntityKindRegistry kinds) =>
        ReadableVersions.Of(kinds.Names.Select(kinds.Find).Select(kind => (kind!.Name, kind.StateVersion, (IEnumerable<string>)kind.EventTypes)));
}
