namespace AkkaScale.Cluster.Audit;

/// <summary>A connection to the table of changing calls. Used by one thread at a time; whatever it throws breaks it.</summary>
internal interface IAuditSession : IDisposable
{
    /// <summary>Adds a row.</summary>
    /// <returns>Its number.</returns>
    long Begin(AuditEntry entry);

    /// <summary>Writes what became of the call, and what was learned of it meanwhile: by, action, target, why, status and outcome.</summary>
    /// <returns>False: there is no such row.</returns>
    bool Finish(AuditEntry entry);

    /// <summary>The latest first.</summary>
    /// <param name="before">Only rows with lower numbers.</param>
    IReadOnlyList<AuditEntry> Read(long before, int limit);

    /// <summary>Removes the oldest rows: denied calls do not push out the others.</summary>
    /// <param name="calls">How many that were let in are kept.</param>
    /// <param name="denials">How many that were not.</param>
    void Prune(int calls, int denials);
}
