using AkkaScale.Management.Reports;

namespace AkkaScale.Tests.Unit.Management;

public sealed class ClockWatchTests
{
    [Fact]
    public void A_wall_clock_that_jumps_is_counted_and_one_that_is_slewed_is_not()
    {
        var time = new TwoClocks();
        using var watch = new ClockWatch(time);

        Pass(time, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(5));
        Assert.Equal(0, watch.Report().Steps);
        Pass(time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(1, watch.Report().Steps);
        Pass(time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(-31));
        Assert.Equal(2, watch.Report().Steps);
        Assert.Equal(2, watch.Report().Steps);
    }

    private static void Pass(TwoClocks time, TimeSpan monotonic, TimeSpan jump)
    {
        time.Monotonic += monotonic;
        time.Wall += monotonic + jump;
    }

    /// <summary>A wall clock and a monotonic one that need not agree.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

        public TimeSpan Monotonic { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Monotonic.Ticks;
    }
}
