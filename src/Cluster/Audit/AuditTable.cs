namespace AkkaScale.Cluster.Audit;

/// <summary>
/// The table of changing calls, bounded. It has a connection of its own, opened when it is first needed: nothing that is written or read
/// here delays or breaks the readings by which members watch each other.
/// </summary>
/// <param name="patience">After which a caller is told that the database does not answer.</param>
internal sealed class AuditTable(Func<IAuditSession> open, TimeSpan patience, TimeProvider time) : IDisposable
{
    public const int KeptCalls = 100_000;
    public const int KeptDenials = 10_000;

    /// <summary>Rows between two looks for what is too old.</summary>
    public const int PruneEvery = 256;

    private const int MostWaiting = 100;

    private readonly SemaphoreSlim _turn = new(1);
    private IAuditSession? _session;
    private int _waiting;
    private bool _isDisposed;

    /// <summary>Adds a row and returns its number.</summary>
    /// <remarks>After an exception there may be one all the same. It then stays without an outcome.</remarks>
    public Task<long> BeginAsync(AuditEntry entry) => RunAsync(session =>
    {
        var nr = session.Begin(entry);
        if (nr % PruneEvery == 0)
        {
            session.Prune(KeptCalls, KeptDenials);
        }

        return nr;
    });

    /// <summary>As <see cref="IAuditSession.Finish"/>.</summary>
    public Task<bool> FinishAsync(AuditEntry entry) => RunAsync(session => session.Finish(entry));

    /// <summary>As <see cref="IAuditSession.Read"/>.</summary>
    public Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int limit) => RunAsync(session => session.Read(before, limit));

    public void Dispose()
    {
        // One that hangs in a statement is left behind; the statement's own time-out ends it.
        if (_turn.Wait(patience))
        {
            _isDisposed = true;
            _session?.Dispose();
            _turn.Release();
        }
    }

    private async Task<T> RunAsync<T>(Func<IAuditSession, T> command)
    {
        using var giveUp = new CancellationTokenSource(patience, time);
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                throw new TimeoutException($"{MostWaiting} calls wait for the audit table; no more are taken.");
            }

            await _turn.WaitAsync(giveUp.Token);
            return await Task.Run(() => Run(command), CancellationToken.None).WaitAsync(giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The audit table did not answer within {patience.TotalSeconds:0.#} s.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private T Run<T>(Func<IAuditSession, T> command)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return command(_session ??= open());
        }
        catch
        {
            _session?.Dispose();
            _session = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }
}
