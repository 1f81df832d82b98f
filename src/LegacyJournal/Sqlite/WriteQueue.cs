using System.Collections.Concurrent;
using AkkaScale.LegacyCluster;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>
/// The write transactions of this process on one database file, one after the other on a thread of its own, each under the write lock.
/// </summary>
/// <typeparam name="TSession">A connection with its prepared statements; made on the thread, and made anew after a fault of the disk.</typeparam>
internal sealed class WriteQueue<TSession> : IAsyncDisposable
    where TSession : class, IWriteSession
{
    private const int MaxWaiting = 1024;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Job> _jobs = new(MaxWaiting);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteLock _writeLock;
    private readonly StuckHolderWatch _watch;
    private readonly Func<TSession> _connect;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private TSession? _session;

    public WriteQueue(string name, WriteLock writeLock, StuckHolderWatch watch, Func<TSession> connect, TimeSpan patience, TimeProvider time)
    {
        (_writeLock, _watch, _connect, _patience, _time) = (writeLock, watch, connect, patience, time);
        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    /// <exception cref="StoreUnavailableException">The work's turn did not come in time: it is not done, and will not be.</exception>
    /// <exception cref="TimeoutException">It had begun: it may be done.</exception>
    public async Task<T> RunAsync<T>(Func<TSession, T> work, TimeSpan timeout)
    {
        var job = Enqueue(work);
        var started = _time.GetTimestamp();
        while (NextWait(job, started, timeout) is { } wait)
        {
            try
            {
                return await job.Answer.WaitAsync(wait, _time);
            }
            catch (TimeoutException)
            {
                if (job.Answer.IsCompleted)
                {
                    // The wait ended in the moment in which the work did; or it was the work that timed out, which its answer says.
                    return await job.Answer;
                }

                LookAtHolder(job);
            }
        }

        throw new TimeoutException("A write to the embedded store does not come to its end.");
    }

    /// <summary>The same on the caller's thread, without any help of the thread pool.</summary>
    public T Run<T>(Func<TSession, T> work, TimeSpan timeout)
    {
        var job = Enqueue(work);
        var started = _time.GetTimestamp();
        while (NextWait(job, started, timeout) is { } wait)
        {
            if (IsAnswered(job.Answer, wait))
            {
                return job.Answer.GetAwaiter().GetResult();
            }

            LookAtHolder(job);
        }

        throw new TimeoutException("A write to the embedded store does not come to its end.");
    }

    /// <summary>Closes the connection under the lock, as closing the last one writes to the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.CompleteAdding();
        try
        {
            await _stopped.Task.WaitAsync(StopTimeout, _time);
        }
        catch (TimeoutException)
        {
            // The thread waits in the kernel for a lock that somebody else holds; it is a background thread and owns nothing that must be saved.
        }
    }

    private Job<T> Enqueue<T>(Func<TSession, T> work)
    {
        var job = new Job<T>(work);
        try
        {
            return _jobs.TryAdd(job) ? job : throw new StoreUnavailableException($"{MaxWaiting} writes wait for the embedded store already.");
        }
        catch (InvalidOperationException)
        {
            throw new StoreUnavailableException("The embedded store is closed.");
        }
    }

    private TimeSpan? NextWait<T>(Job<T> job, long started, TimeSpan timeout)
    {
        var left = timeout - _time.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            return left < _patience ? left : _patience;
        }

        if (!job.TryAbandon())
        {
            return null;
        }

        var holder = _watch.Look();
        throw new StoreUnavailableException(holder is null
            ? "The embedded store's write lock did not become free in time."
            : $"The embedded store's write lock is held by process {holder.ProcessId} (incarnation {holder.Incarnation}).");
    }

    // Task.Wait is woken by the thread that sets the answer; Task.WaitAny would go through the thread pool.
    private static bool IsAnswered(Task answer, TimeSpan wait)
    {
        try
        {
            return answer.Wait(wait);
        }
        catch (AggregateException)
        {
            return true;
        }
    }

    private void LookAtHolder<T>(Job<T> job)
    {
        if (!job.IsBegun)
        {
            _watch.Look();
        }
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            try
            {
                _writeLock.Acquire();
            }
            catch (IOException error)
            {
                job.Fail(new StoreUnavailableException(error.Message, error));
                continue;
            }

            try
            {
                if (job.TryBegin())
                {
                    RunLocked(job);
                }
            }
            finally
            {
                _writeLock.Release();
            }
        }

        Close();
        _stopped.SetResult();
    }

    private void RunLocked(Job job)
    {
        try
        {
            job.Run(_session ??= _connect());
            _session.AfterWrite();
        }
        catch (Exception error)
        {
            if (!job.Fail(error) && !SqliteErrors.IsStoreFault(error))
            {
                throw;
            }
        }

        if (_session is { IsBroken: true })
        {
            _session.Dispose();
            _session = null;
        }
    }

    private void Close()
    {
        if (_session is null)
        {
            return;
        }

        _writeLock.Acquire();
        try
        {
            _session.Dispose();
        }
        finally
        {
            _writeLock.Release();
        }
    }

    private abstract class Job
    {
        private const int Waiting = 0;
        private const int Begun = 1;
        private const int Abandoned = 2;

        private int _state;

        public bool IsBegun => Volatile.Read(ref _state) == Begun;

        public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

        public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting;

        public abstract void Run(TSession session);

        /// <summary>False when the work had been answered already.</summary>
        public abstract bool Fail(Exception error);
    }

    private sealed class Job<T>(Func<TSession, T> work) : Job
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Run(TSession session) => _answer.SetResult(work(session));

        public override bool Fail(Exception error) => _answer.TrySetException(error);
    }
}
