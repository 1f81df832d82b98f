using System.Collections.Concurrent;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Questions sent to peers that wait for their answers, told apart by a correlation number. Thread-safe.</summary>
public sealed class PendingAnswers<T>(TimeProvider time)
{
    private readonly ConcurrentDictionary<(Incarnation Peer, long Correlation), TaskCompletionSource<T>> _waiting = new();
    private long _correlation;

    /// <param name="send">Sends the question under this correlation number; false: there is no way to the peer.</param>
    /// <exception cref="TimeoutException">No answer in time, or not connected.</exception>
    public async Task<T> AskAsync(Incarnation peer, Func<long, bool> send, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var correlation = Interlocked.Increment(ref _correlation);
        var waiting = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[(peer, correlation)] = waiting;
        try
        {
            return send(correlation)
                ? await waiting.Task.WaitAsync(timeout, time, cancellationToken)
                : throw new TimeoutException($"Not connected to {peer}.");
        }
        finally
        {
            _waiting.TryRemove((peer, correlation), out _);
        }
    }

    /// <returns>Null: nobody waits for it any more.</returns>
    public TaskCompletionSource<T>? Take(Incarnation peer, long correlation) => _waiting.TryRemove((peer, correlation), out var waiting) ? waiting : null;
}
