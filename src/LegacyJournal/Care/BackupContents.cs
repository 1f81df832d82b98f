using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>What a copy holds, read from the copy itself.</summary>
/// <param name="Heads">The last position of each shard, 0 for one without events.</param>
/// <param name="LastEventAt">Null: there are no events.</param>
public sealed record BackupContents(ClusterIdentity Identity, ImmutableArray<long> Heads, DateTimeOffset? LastEventAt, long Bytes);
