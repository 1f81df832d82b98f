namespace AkkaScale.Cluster.Liveness;

/// <summary>Until when this process may serve. Written by the thread of liveness, asked by every other.</summary>
/// <remarks>
/// The clock is read at each question. A flag that a timer clears would still be set when a process thaws that was stopped for a minute,
/// until the timer's thread runs; another process may own its shards by then.
/// </remarks>
internal sealed class ServingDeadline(TimeProvider time)
{
    private long _until = long.MinValue;
    private volatile bool _isOver;

    public bool IsServing => !_isOver && time.Monotonic().Ticks < Volatile.Read(ref _until);

    public TimeSpan Until => TimeSpan.FromTicks(Volatile.Read(ref _until));

    /// <summary>For good.</summary>
    public void End() => _isOver = true;

    public void MoveTo(TimeSpan until) => Volatile.Write(ref _until, until.Ticks);
}
