using System.Runtime.ExceptionServices;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Runs what blocks, one thing at a time, and gives it up when it takes too long.</summary>
/// <remarks>
/// The driver's own time-outs are whole seconds, and after one it opens another connection in order to cancel, which takes a connect time-out
/// where the server cannot be heard: two seconds in all at least, as long as the time to live. Asynchronous calls could be given up, but need
/// the thread pool, and renewals must not wait for that.
/// </remarks>
internal sealed class PatientThread
{
    private readonly Lock _lock = new();
    private readonly Queue<Action?> _work = new();
    private readonly SemaphoreSlim _added = new(0);
    private readonly TimeSpan _patience;
    private bool _isGivenUp;
    private bool _isEnded;

    public PatientThread(string name, TimeSpan patience)
    {
        _patience = patience;
        var thread = new Thread(Run) { IsBackground = true, Name = name, Priority = Thread.CurrentThread.Priority };
        thread.Start();
    }

    /// <exception cref="TimeoutException">It takes too long and goes on alone; nothing more can be run then.</exception>
    public T Run<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(_isEnded, this);
        if (_isGivenUp)
        {
            throw new TimeoutException("The database did not answer before; this session is given up.");
        }

        var piece = new Piece<T>(work);
        Add(piece.Run);
        if (piece.Wait(_patience))
        {
            return piece.Result();
        }

        _isGivenUp = true;
        throw new TimeoutException($"The database did not answer within {_patience.TotalMilliseconds:0} ms.");
    }

    /// <summary>
    /// Runs this when everything before it has ended, and then nothing more. Waits for it unless something was given up. Once only.
    /// </summary>
    public void End(Action last)
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        var piece = new Piece<bool>(() =>
        {
            last();
            return true;
        });
        Add(piece.Run);
        Add(null);
        if (!_isGivenUp)
        {
            piece.Wait(_patience);
        }
    }

    private void Add(Action? work)
    {
        lock (_lock)
        {
            _work.Enqueue(work);
        }

        _added.Release();
    }

    private void Run()
    {
        while (true)
        {
            _added.Wait();
            Action? work;
            lock (_lock)
            {
                work = _work.Dequeue();
            }

            if (work is null)
            {
                return;
            }

            work();
        }
    }

    private sealed class Piece<T>(Func<T> work)
    {
        private readonly ManualResetEventSlim _done = new(false, spinCount: 0);
        private T _result = default!;
        private ExceptionDispatchInfo? _error;

        public void Run()
        {
            try
            {
                _result = work();
            }
            catch (Exception error)
            {
                _error = ExceptionDispatchInfo.Capture(error);
            }

            _done.Set();
        }

        public bool Wait(TimeSpan patience) => _done.Wait(patience);

        public T Result()
        {
            _error?.Throw();
            return _result;
        }
    }
}
