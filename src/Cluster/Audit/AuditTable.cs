using AkkaScale.Cluster.Sessions;

namespace AkkaScale.Cluster.Audit;

/// <summary>The table of changing calls, bounded. It has a connection of its own.</summary>
/// <param name="patience">After which a caller is told that the database does not answer.</param>
internal sealed class AuditTable(Func<IAuditSession> open, TimeSpan patience, TimeProvider time) : IDisposable
{
    public const int KeptCalls = 100_000;
    public const int KeptDenials = 10_000;

    /// <summary>Rows between two looks for what is too old.</summary>
    public const int PruneEvery = 256;

    private readonly SharedSession<IAuditSession> _session = new("audit", open, patience, time);

    /// <summary>Adds a row and returns its number.</summary>
    /// <remarks>After an exception there may be one all the same. It then stays without an outcome.</remarks>
    public Task<long> BeginAsync(AuditEntry entry) => _session.RunAsync(session =>
    {
        var nr = session.Begin(entry);
        if (nr % PruneEvery == 0)
        {
            session.Prune(KeptCalls, KeptDenials);
        }

        return nr;
    });

    /// <summary>As <see cref="IAuditSession.Finish"/>.</summary>
    public Task<bool> FinishAsync(AuditEntry entry) => _session.RunAsync(session => session.Finish(entry));

    /// <summary>As <see cref="IAuditSession.Read"/>.</summary>
    public Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int limit) => _session.RunAsync(session => session.Read(before, limit));

    public void Dispose() => _session.Dispose();
}
