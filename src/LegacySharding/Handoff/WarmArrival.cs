using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>What has come of one shard on its way to this node.</summary>
internal sealed class WarmArrival(string handoffId, Incarnation source, int shard, long epoch)
{
    public string HandoffId { get; } = handoffId;

    public Incarnation Source { get; } = source;

    public int Shard { get; } = shard;

    /// <summary>The source's; the copies are good under the next one alone.</summary>
    public long Epoch { get; } = epoch;

    public Dictionary<EntityKey, (WarmCopy Copy, int Size)> Copies { get; } = [];

    public long Bytes { get; set; }

    public int Chunks { get; set; }

    public int ManifestParts { get; set; }

    /// <summary>By stamp: the version the entity had when intake had stopped.</summary>
    public Dictionary<long, long> Manifest { get; } = [];

    public long NextPosition { get; set; }

    /// <summary>The manifest was there whole, and what it does not confirm is gone.</summary>
    public bool IsComplete { get; set; }

    /// <summary>When the last frame came, in ticks of the monotonic clock.</summary>
    public long TouchedAt { get; set; }
}
