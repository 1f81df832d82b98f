using System.Collections.Concurrent;

namespace AkkaScale.Cluster.Storage;

/// <summary>Questions of other threads to a session that one thread owns; it answers them between its own statements.</summary>
internal sealed class SessionCommands<TSession>(Action wake)
{
    private const int Most = 10_000;

    private readonly ConcurrentQueue<(Action<TSession> Run, Action<Exception> Fail)> _waiting = new();
    private volatile Exception? _closed;

    /// <exception cref="InvalidOperationException">Too much waits for the database.</exception>
    public Task<TResult> RunAsync<TResult>(Func<TSession, TResult> command)
    {
        if (_waiting.Count >= Most)
        {
            throw new InvalidOperationException($"{Most} questions wait for the cluster's database; no more are taken.");
        }

        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((session => done.TrySetResult(command(session)), error => done.TrySetException(error)));
        if (_closed is { } closed)
        {
            Fail(closed);
        }

        wake();
        return done.Task;
    }

    /// <summary>Answers what waits. What throws breaks the session; the exception is the question's answer too, and comes out.</summary>
    public void Answer(TSession session)
    {
        while (_waiting.TryDequeue(out var command))
        {
            try
            {
                command.Run(session);
            }
            catch (Exception error)
            {
                command.Fail(error);
                throw;
            }
        }
    }

    /// <summary>There is no session: whoever asked may ask again.</summary>
    public void Fail(Exception error)
    {
        while (_waiting.TryDequeue(out var command))
        {
            command.Fail(error);
        }
    }

    /// <summary>Fails what waits and whatever comes.</summary>
    public void Close()
    {
        _closed = new OperationCanceledException("The member is being stopped.");
        Fail(_closed);
    }
}
