namespace AkkaScale.Entities;

/// <summary>One command or read, as a caller hands it to <see cref="IEntityClient"/>.</summary>
/// <param name="Entity">Its kind must be registered.</param>
/// <param name="Command">An instance of the kind's command type.</param>
public sealed record EntityCommand(EntityKey Entity, object Command)
{
    /// <summary>Takes effect at most once; a retry with the same id gets the first answer. Null: a UUIDv7 is made before the first attempt.</summary>
    public Guid? CommandId { get; init; }

    /// <summary>True when the id was derived from a client's idempotency key, so that a copy may be under way elsewhere.</summary>
    public bool IsClientKey { get; init; }

    /// <summary>SHA-256 over command type, kind, id, acting user, expected version and serialised command; only for client keys.</summary>
    public PayloadHash Hash { get; init; }

    /// <summary>A linearizable read, as long as clocks and lease keep to what they promise: not remembered, not stored; the decision must not yield events.</summary>
    public bool IsRead { get; init; }

    /// <summary>
    /// A read that does not rely on the owner's clock: the store is asked, after the read has come in, whether the shard is still that owner's. It takes a round
    /// trip to the store more; reads that wait at the same time share it. Only for reads: a command's append is fenced as it is.
    /// </summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Refused with <see cref="ReplyStatus.VersionMismatch"/> unless the entity is at this version.</summary>
    public long? ExpectedVersion { get; init; }

    public string ActingUser { get; init; } = "";

    /// <summary>
    /// A refusal found before the entity was asked (another entity's rule). Applied after deduplication and before the entity decides,
    /// so that a repeated command still gets its first answer.
    /// </summary>
    public Refusal? Precondition { get; init; }

    /// <summary>How long to try, from now; at most 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
