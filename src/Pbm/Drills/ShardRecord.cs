using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Drills;

/// <summary>When one shard answered. Times are of the watch's own clock. Thread-safe.</summary>
internal sealed class ShardRecord(ShardName shard)
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _answers = [];

    public ShardName Shard { get; } = shard;

    public void Answered(TimeSpan at)
    {
        lock (_lock)
        {
            _answers.Add(at);
        }
    }

    public IReadOnlyList<TimeSpan> Answers
    {
        get
        {
            lock (_lock)
            {
                return [.. _answers];
            }
        }
    }

    /// <summary>
    /// When the shard answered again after <paramref name="end"/>: the end of the longest time without an answer that reaches past it. What was on its way
    /// at that moment may still arrive, so the first answer after it would be none.
    /// </summary>
    /// <returns>Null: nothing came afterwards.</returns>
    public TimeSpan? RecoveredAt(TimeSpan end) => RecoveredAt(Answers, end);

    internal static TimeSpan? RecoveredAt(IReadOnlyList<TimeSpan> answers, TimeSpan end)
    {
        var ordered = answers.Order().ToArray();
        (TimeSpan Gap, TimeSpan At)? longest = null;
        for (var index = 0; index < ordered.Length; index++)
        {
            var previous = index == 0 ? TimeSpan.Zero : ordered[index - 1];
            if (ordered[index] > end && (longest is null || ordered[index] - previous > longest.Value.Gap))
            {
                longest = (ordered[index] - previous, ordered[index]);
            }
        }

        return longest?.At;
    }
}
