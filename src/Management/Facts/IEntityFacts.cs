namespace AkkaScale.Management.Facts;

/// <summary>
/// What the management port shows of entities and of the journal. No question wakes an entity; each may throw
/// <see cref="FactsUnavailableException"/>.
/// </summary>
internal interface IEntityFacts
{
    /// <summary>Where an entity lives, whether or not it exists.</summary>
    Task<EntityPlace> WhereAsync(string kind, string id, CancellationToken cancellationToken);

    /// <summary>From its owner's memory, if it is there and durable; else from the journal.</summary>
    /// <exception cref="OrderRefusedException">The stored past cannot be folded.</exception>
    Task<EntityFacts> ShowAsync(string kind, string id, CancellationToken cancellationToken);

    /// <summary>Events from the journal, in order.</summary>
    /// <param name="after">Version of the last one that is known already; 0: from the first.</param>
    Task<EventPage> EventsAsync(string kind, string id, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Checks I1 to I3 over the rows of one shard.</summary>
    /// <returns>Null: there is no such shard.</returns>
    Task<JournalCheck?> VerifyAsync(ShardKey shard, CancellationToken cancellationToken);

    /// <summary>What the journal holds of the shards of a region.</summary>
    /// <param name="region">Null: every one.</param>
    /// <param name="count">Null: all from <paramref name="first"/> on.</param>
    /// <exception cref="OrderRefusedException">There are no such shards.</exception>
    Task<JournalFigures> FiguresAsync(string? region, int first, int? count, CancellationToken cancellationToken);
}
