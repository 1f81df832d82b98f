namespace AkkaScale.Cluster.Sessions;

/// <summary>
/// A session of a table that is nobody's sign of life: opened when it is first needed, used by one caller at a time, and opened anew after
/// something was thrown. Nothing that is written or read here delays or breaks the readings by which members watch each other.
/// </summary>
/// <param name="table">As the messages name it.</param>
/// <param name="patience">After which a caller is told that the database does not answer.</param>
internal sealed class SharedSession<TSession>(string table, Func<TSession> open, TimeSpan patience, TimeProvider time) : IDisposable
    where TSession : class, IDisposable
{
    private const int MostWaiting = 100;

    private readonly SemaphoreSlim _turn = new(1);
    private TSession? _session;
    private int _waiting;
    private bool _isDisposed;

    /// <exception cref="TimeoutException">The database does not answer in time, or too many wait for it.</exception>
    public async Task<T> RunAsync<T>(Func<TSession, T> command)
    {
        using var giveUp = new CancellationTokenSource(patience, time);
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                throw new TimeoutException($"{MostWaiting} calls wait for the {table} table; no more are taken.");
            }

            await _turn.WaitAsync(giveUp.Token);
            return await Task.Run(() => Run(command), CancellationToken.None).WaitAsync(giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The {table} table did not answer within {patience.TotalSeconds:0.#} s.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

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

    private T Run<T>(Func<TSession, T> command)
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
