using System.Collections.Concurrent;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>What clients have met so far, for the progress line.</summary>
internal sealed class LoadCounters
{
    private const int Kept = 20;

    private readonly ConcurrentQueue<string> _misunderstood = new();
    private long _answered;
    private long _unknown;
    private long _repeated;

    public long Answered => Interlocked.Read(ref _answered);

    public long Unanswered => Interlocked.Read(ref _unknown);

    /// <summary>Attempts that came to nothing and were made again.</summary>
    public long Attempts => Interlocked.Read(ref _repeated);

    /// <summary>Requests that the gateway held to be malformed: a fault of the load, or of the gateway.</summary>
    public IReadOnlyCollection<string> Malformed => _misunderstood;

    public void Ended(Operation operation)
    {
        if (operation.IsAnswered)
        {
            Interlocked.Increment(ref _answered);
        }
        else
        {
            Interlocked.Increment(ref _unknown);
        }
    }

    public void Repeated() => Interlocked.Increment(ref _repeated);

    public void Misunderstood(string what)
    {
        if (_misunderstood.Count < Kept)
        {
            _misunderstood.Enqueue(what);
        }
    }
}
