using System.Collections.Frozen;
using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding.Versions;

namespace AkkaScale.Sharding.Entities;

/// <summary>The kinds this process knows, by name.</summary>
public sealed class EntityKindRegistry
{
    private readonly FrozenDictionary<string, IEntityKind> _kinds;

    /// <exception cref="ArgumentException">Two kinds of one name.</exception>
    public EntityKindRegistry(IEnumerable<IEntityKind> kinds)
    {
        var byName = new Dictionary<string, IEntityKind>(StringComparer.Ordinal);
        foreach (var kind in kinds)
        {
            if (!byName.TryAdd(kind.Name, kind))
            {
                throw new ArgumentException($"Entity kind {kind.Name} is registered twice.");
            }
        }

        _kinds = byName.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var kind in _kinds.Values)
        {
            kind.FindReceiversIn(this);
        }

        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
        Reads = ReadableVersions.Of(byName.Values.Select(kind => (kind.Name, kind.StateVersion, kind.EventTypes.Concat(EngineEventTypes.All))));
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What this process reads, as its member row says it.</summary>
    public ReadableVersions Reads { get; }

    public IEntityKind? Find(string name) => _kinds.GetValueOrDefault(name);
}
