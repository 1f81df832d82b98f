using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;

namespace AkkaScale.LegacySharding.Shards;

internal enum ShardPhase
{
    /// <summary>Owned, but the head of its journal is not read yet: asks wait.</summary>
    Starting,

    Running,

    /// <summary>No new asks; what was accepted is finished, then the memory goes.</summary>
    Draining,

    /// <summary>The same, but the memory stays: the shard is being handed off.</summary>
    Settling,

    /// <summary>Settled; nothing is asked or written. Goes on to Stopped when it is given away, or back to Running.</summary>
    Held,

    /// <summary>Nothing is served or written any more under this epoch.</summary>
    Stopped,
}

/// <summary>One shard under one epoch. Mutable, owned by one shell; a new epoch gets a new object.</summary>
internal sealed class ShardState(int shard, long epoch, ShardingOptions options, long ticksPerSecond)
{
    public int Shard { get; } = shard;

    public long Epoch { get; } = epoch;

    public ShardingOptions Options { get; } = options;

    public long TicksPerSecond { get; } = ticksPerSecond;

    public long PassivateAfterTicks { get; } = (long)(options.PassivateAfter.TotalSeconds * ticksPerSecond);

    public ShardPhase Phase { get; set; } = ShardPhase.Starting;

    public Dictionary<EntityKey, EntityState> Entities { get; } = [];

    public EntityState? MostRecent { get; set; }

    public EntityState? LeastRecent { get; set; }

    public int ResidentLimit { get; set; } = options.MaxResidentEntities;

    /// <summary>Asks that came before the head was read.</summary>
    public Queue<ShardInput.Ask> Starting { get; } = new();

    /// <summary>Writes given to the lane and not confirmed, in order of token.</summary>
    public Queue<ShardWrite> Unsaved { get; } = new();

    /// <summary>Confirmed reads that wait for the store's word.</summary>
    public ConfirmationState Confirmations { get; } = new();

    public int Generation { get; set; }

    public long NextToken { get; set; } = 1;

    /// <summary>The position the next event gets.</summary>
    public long NextPosition { get; set; }

    /// <summary>Grows with every durable change of an entity and with every entity loaded; gives entities their stamps.</summary>
    public long DurableChanges { get; set; }

    /// <summary>The handoff that stopped intake last; only that one resumes it.</summary>
    public string? StoppedFor { get; set; }

    /// <summary>What is being copied for a handoff; null if nothing is.</summary>
    public OutgoingCopies? Outgoing { get; set; }

    /// <summary>The highest position known to be durable.</summary>
    public long DurablePosition { get; set; }
}
