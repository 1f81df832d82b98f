using AkkaScale.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>One entity in memory. Mutable, owned by its shard; only that shard's step touches it.</summary>
internal sealed class EntityState(EntityKey key, IEntityKind kind)
{
    public EntityKey Key { get; } = key;

    public IEntityKind Kind { get; } = kind;

    /// <summary>Null while it recovers.</summary>
    public object? Current { get; set; }

    /// <summary>Sequence number of the last event folded in, durable or not.</summary>
    public long Version { get; set; }

    public long SnapshotVersion { get; set; }

    /// <summary>Of the latest event; an entity's time never goes back.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <summary>The newest write with events that is not known to be durable; null when all is.</summary>
    public ShardWrite? LastWrite { get; set; }

    /// <summary>Writes of this entity, of whatever kind, that are not known to be durable.</summary>
    public int UnsavedWrites { get; set; }

    /// <summary>All that is in memory is in the journal too: it may be copied to another node.</summary>
    public bool IsDurable => !IsRecovering && UnsavedWrites == 0;

    /// <summary>Names this very content: taken from the shard's count of durable changes at each of them, refusals included.</summary>
    public long Stamp { get; set; }

    /// <summary>The stamp of what was last copied to the target of the handoff under way; 0 if nothing was.</summary>
    public long CopiedStamp { get; set; }

    public CommandMemory Memory { get; set; } = new();

    /// <summary>Commands being looked up or written, by id.</summary>
    public Dictionary<Guid, CommandFlight>? Flights { get; set; }

    /// <summary>Asks that wait for recovery.</summary>
    public Queue<ShardInput.Ask>? Parked { get; set; }

    /// <summary>Asks taken in and not yet answered: what the mailbox bound counts.</summary>
    public int Unanswered { get; set; }

    public bool IsRecovering => Current is null;

    /// <summary>Neither recovering nor owing an answer: may leave memory.</summary>
    public bool IsQuiet => !IsRecovering && Unanswered == 0 && LastWrite is null && Flights is not { Count: > 0 };

    // Neighbours in the shard's order of use.
    public EntityState? MoreRecent { get; set; }

    public EntityState? LessRecent { get; set; }

    /// <summary>Monotonic ticks of the last ask.</summary>
    public long LastUsed { get; set; }
}

/// <summary>What recovery found.</summary>
internal sealed record RecoveredState(object State, long Version, long SnapshotVersion, DateTimeOffset LastAt, CommandMemory Memory);
