using System.Collections.Concurrent;
using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Sqlite;

/// <summary>
/// Write transactions other than appends, on a thread of its own: they wait in the kernel for their turn, and no thread of a pool should.
/// </summary>
internal sealed class SqliteWorker : IDisposable
{
    private const int Most = 10_000;

    private readonly SqliteStoreSettings _settings;
    private readonly BlockingCollection<Action<Func<SqliteSession>>> _work = new(Most);
    private readonly Thread _thread;

    public SqliteWorker(SqliteStoreSettings settings)
    {
        _settings = settings;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal sqlite" };
        _thread.Start();
    }

    /// <exception cref="JournalOverloadedException">Too much waits.</exception>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _work.TryAdd(open =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                done.TrySetResult(work(open()));
            }
            catch (OperationCanceledException)
            {
                done.TrySetCanceled(cancellationToken);
            }
            catch (Exception error)
            {
                done.TrySetException(error);
            }
        });
        return taken
            ? done.Task
            : throw new JournalOverloadedException($"{Most} changes wait for the database file; no more are taken.");
    }

    /// <summary>Runs a fenced change; false when the slice's lease is not held.</summary>
    public Task<bool> ChangeAsync(Slice slice, Action<SqliteSession> change, CancellationToken cancellationToken) => RunAsync(
        session =>
        {
            var held = false;
            session.Transact(() =>
            {
                held = SqliteFence.Holds(session, _settings, slice);
                if (held)
                {
                    change(session);
                }

                return held;
            });
            return held;
        },
        cancellationToken);

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        SqliteSession? session = null;
        foreach (var work in _work.GetConsumingEnumerable())
        {
            // A session for each piece of work would cost more than the work; one that failed to open is tried again with the next.
            work(() => session ??= new SqliteSession(_settings.File, _settings.Writing));
        }

        session?.Dispose();
    }
}
