namespace AkkaScale.LegacyCluster.Audit;

/// <summary>The audit log of the management API. It is bounded; the oldest rows go first, and denied calls do not push out the others.</summary>
public interface IAuditStore
{
    /// <summary>Rows of calls that were let in, of which at least so many are kept.</summary>
    const int KeptCalls = 100_000;

    /// <summary>The same for calls that were denied.</summary>
    const int KeptDenials = 10_000;

    /// <summary>Rows written between two looks for what is too old.</summary>
    const int PruneEvery = 256;

    /// <summary>Adds a row and returns its number.</summary>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known.</exception>
    Task<long> BeginAuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Writes what became of the call, and what was learned of it meanwhile: by, action, target, why, status and outcome.</summary>
    Task<WriteOutcome> FinishAuditAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Latest first.</summary>
    /// <param name="before">Only rows with lesser numbers.</param>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long before, int limit, CancellationToken cancellationToken);
}
