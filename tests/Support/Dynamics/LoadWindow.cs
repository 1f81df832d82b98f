using System.Collections.Concurrent;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>What clients met while one thing was done to the cluster. Latencies count from the time a request was due, not from when it was sent.</summary>
public sealed class LoadWindow(string name)
{
    private readonly ConcurrentQueue<(string Entity, TimeSpan Latency)> _requests = new();
    private long _failed;
    private long _repeated;

    public string Name { get; } = name;

    public int Requests => _requests.Count;

    /// <summary>Not answered with success within the client's deadline.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Attempts that the client had to repeat: lost or refused connections, silence, 429 and 5xx.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    public void Answered(string entity, TimeSpan latency) => _requests.Enqueue((entity, latency));

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountRepeated() => Interlocked.Increment(ref _repeated);

    /// <summary>The latency that this share of requests stayed within.</summary>
    public TimeSpan Quantile(double share) => Quantile(_requests.Select(request => request.Latency), share);

    /// <summary>What this share of values stayed within; the default of none.</summary>
    public static T Quantile<T>(IEnumerable<T> values, double share)
        where T : struct
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? default : sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }

    /// <summary>The longest that any request for one entity took.</summary>
    public (string Entity, TimeSpan Pause) LongestPause => _requests.IsEmpty ? ("", TimeSpan.Zero) : _requests.MaxBy(request => request.Latency);
}
