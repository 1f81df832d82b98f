namespace AkkaScale.LegacySharding.Handoff;

/// <summary>The pauses of the last handoffs of this process, and what is to be expected of the next one. Thread-safe.</summary>
public sealed class HandoffPauses
{
    private const int Kept = 256;
    private const int Neighbours = 32;

    private readonly Lock _lock = new();
    private readonly Queue<HandoffPause> _last = new(Kept);

    public void Add(HandoffPause pause)
    {
        lock (_lock)
        {
            if (_last.Count == Kept)
            {
                _last.Dequeue();
            }

            _last.Enqueue(pause);
        }
    }

    public IReadOnlyList<HandoffPause> Last()
    {
        lock (_lock)
        {
            return [.. _last];
        }
    }

    /// <summary>
    /// The median over the handoffs most like this one in the number of entities in memory, by its logarithm: what takes long in a handoff grows with
    /// them, and not in proportion. Null: nothing was measured yet.
    /// </summary>
    public static TimeSpan? Expect(IEnumerable<HandoffPause> measured, int residents)
    {
        var nearest = measured
            .OrderBy(pause => Math.Abs(Math.Log((pause.Residents + 1.0) / (residents + 1.0))))
            .Take(Neighbours)
            .Select(pause => pause.Pause)
            .Order()
            .ToArray();
        return nearest.Length == 0 ? null : nearest[nearest.Length / 2];
    }
}

/// <param name="Residents">Entities in memory when the shard was given away.</param>
public readonly record struct HandoffPause(int Residents, TimeSpan Pause);
