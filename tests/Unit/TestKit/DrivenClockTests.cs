using AkkaScale.TestKit;
using AkkaScale.TestKit.InProcess;

namespace AkkaScale.Tests.Unit.TestKit;

public sealed class DrivenClockTests
{
    [Fact]
    public async Task Time_stands_still_until_it_is_advanced()
    {
        var clock = new DrivenClock();
        var start = clock.GetTimestamp();
        var waiting = Task.Delay(TimeSpan.FromSeconds(2), clock);
        clock.Advance(TimeSpan.FromSeconds(1.999));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting.WaitAsync(Eventually.Limit);
        Assert.Equal(TimeSpan.FromSeconds(2), clock.GetElapsedTime(start));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 2, TimeSpan.Zero), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_periodic_timer_fires_once_a_period_until_it_is_disposed()
    {
        var clock = new DrivenClock();
        var fired = 0;
        using (clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            clock.Advance(TimeSpan.FromSeconds(5.5));
            await Eventually.TrueAsync(() => Volatile.Read(ref fired) == 5, "it did not fire five times");
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5, fired);
    }

    /// <summary>Else a node that waits for another where its timer fires would wait for ever.</summary>
    [Fact]
    public async Task A_timer_may_wait_for_what_comes_later()
    {
        var clock = new DrivenClock();
        using var later = new ManualResetEventSlim();
        var seen = new TaskCompletionSource<bool>();
        using var first = clock.CreateTimer(_ => seen.SetResult(later.Wait(Eventually.Limit)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var second = clock.CreateTimer(_ => later.Set(), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await seen.Task);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_needs_no_advance()
    {
        var fired = 0;
        using var timer = new DrivenClock().CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await Eventually.TrueAsync(() => Volatile.Read(ref fired) == 1, "it did not fire");
    }

    [Fact]
    public void Putting_the_wall_clock_forward_lets_no_time_pass()
    {
        var clock = new DrivenClock();
        var (start, wall) = (clock.GetTimestamp(), clock.GetUtcNow());
        using var cancelled = new CancellationTokenSource(TimeSpan.FromHours(1), clock);
        clock.SkipWallClock(TimeSpan.FromDays(1));
        Assert.Equal((start, wall.AddDays(1)), (clock.GetTimestamp(), clock.GetUtcNow()));
        Assert.False(cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task A_timer_made_after_the_wall_clock_was_put_forward_is_due_in_its_time()
    {
        var clock = new DrivenClock();
        clock.SkipWallClock(TimeSpan.FromDays(1));
        var waiting = Task.Delay(TimeSpan.FromSeconds(2), clock);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await waiting.WaitAsync(Eventually.Limit);
    }
}
