namespace AkkaScale.LegacySharding.Ports;

/// <summary>What became of one shard's slice.</summary>
public enum SliceStatus
{
    /// <summary>Committed, and durable as configured.</summary>
    Written,

    /// <summary>Definitely not written: this incarnation does not own the shard at this epoch.</summary>
    Fenced,

    /// <summary>Definitely not written: the shard's or an entity's head is not the one the slice continues. A broken invariant; the shard reloads.</summary>
    HeadMismatch,

    /// <summary>Definitely not written: this slice violates a constraint or cannot be encoded.</summary>
    Rejected,

    /// <summary>Definitely not written: the store is full, read-only or not reachable before anything was sent.</summary>
    Unavailable,

    /// <summary>Timeout, broken connection, or "not replicated": it may be in the journal, now or later.</summary>
    Unknown,
}

/// <param name="Detail">For an operator; empty when written.</param>
public readonly record struct SliceOutcome(SliceStatus Status, string Detail);
