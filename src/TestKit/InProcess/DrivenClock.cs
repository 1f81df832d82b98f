using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.TestKit.InProcess;

/// <summary>
/// Time that stands still until somebody advances it, as <see cref="FakeTimeProvider"/> does it, with two differences that nodes
/// under one clock need. Timers fire on the thread pool: a node goes on where its timer fires, and may not do its work, or wait for
/// another node, on the thread that advances the clock for all. And the wall clock may be put forward alone.
/// </summary>
public sealed class DrivenClock : FakeTimeProvider
{
    private readonly long _start;
    private long _skipped;

    /// <param name="start">What its wall clock shows at first; the first of January 2026 if not given.</param>
    public DrivenClock(DateTimeOffset? start = null)
        : base(start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) => _start = GetTimestamp();

    /// <summary>How far it was advanced so far.</summary>
    public TimeSpan Elapsed => GetElapsedTime(_start);

    // The base class reads the wall clock for it.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _skipped));

    /// <summary>
    /// Puts the wall clock forward, as an administrator would, or back: no time passes, no timer of a process fires, leases stay as
    /// they are. <see cref="FakeTimeProvider.AdjustTime"/> would put the timestamps forward too.
    /// </summary>
    public void SkipWallClock(TimeSpan by) => Interlocked.Add(ref _skipped, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            _ => ThreadPool.UnsafeQueueUserWorkItem(static due => due.callback(due.state), (callback, state), preferLocal: false),
            null, dueTime, period);
}
