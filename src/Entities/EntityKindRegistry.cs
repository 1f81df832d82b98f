using System.Collections.Frozen;

namespace AkkaScale.Entities;

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
        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    public IEntityKind? Find(string name) => _kinds.GetValueOrDefault(name);
}
