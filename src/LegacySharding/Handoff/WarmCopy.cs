using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>An entity as its owner has it in memory, all of it durable: what a handoff carries from memory to memory.</summary>
/// <param name="Stamp">Names this content among all copies of one attempt; the manifest lists stamps.</param>
/// <param name="Memory">A copy of its own: the entity goes on remembering while this one is being sent.</param>
internal sealed record WarmCopy(
    EntityKey Key,
    IEntityKind Kind,
    long Stamp,
    long Version,
    long SnapshotVersion,
    DateTimeOffset LastAt,
    object State,
    CommandMemory Memory)
{
    public static WarmCopy Of(EntityState entity) => new(
        entity.Key, entity.Kind, entity.Stamp, entity.Version, entity.SnapshotVersion, entity.LastAt, entity.Current!,
        entity.Memory.Copy());
}

/// <summary>An entity as it was when intake had stopped.</summary>
internal readonly record struct ManifestEntry(long Stamp, long Version);

/// <summary>What a complete handoff consists of.</summary>
/// <param name="NextPosition">The position the shard's next event gets; 0 if its owner never knew.</param>
internal sealed record WarmManifest(IReadOnlyList<ManifestEntry> Entries, long NextPosition);

/// <summary>What a new owner starts with instead of loading.</summary>
internal sealed record WarmShard(long NextPosition, IReadOnlyCollection<WarmCopy> Copies);

/// <summary>A shard's answer to a request for copies.</summary>
/// <param name="IsPassOver">Every entity was looked at once.</param>
/// <param name="Changed">Entities that the target does not have as they are now; counted when a pass is over.</param>
/// <param name="Manifest">Given when intake has stopped and all is durable; then the copies are the last ones.</param>
internal sealed record ShardCopies(
    string HandoffId, IReadOnlyList<WarmCopy> Copies, bool IsPassOver, int Changed, WarmManifest? Manifest);
