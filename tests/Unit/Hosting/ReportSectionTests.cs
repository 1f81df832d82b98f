using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class ReportSectionTests
{
    [Fact]
    public void Settings_show_what_nodes_must_share_and_nothing_that_gives_access()
    {
        var options = new AkkaScaleOptions();
        (options.Cluster.Secret, options.Store.ConnectionString) = ("open-sesame-open-sesame", "Host=x;Password=open-sesame");

        var settings = SettingsSection.Of(options);

        Assert.Equal("00:00:02", settings["Cluster:LeaseTtl"]);
        Assert.Equal("weighted", settings["Allocation:Name"]);
        Assert.DoesNotContain(settings, setting => setting.Value.Contains("sesame", StringComparison.Ordinal));
        Assert.DoesNotContain(settings.Keys, name => name.Contains("Secret", StringComparison.Ordinal) || name.StartsWith("Management", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wall_clock_that_jumps_is_counted_and_one_that_is_slewed_is_not()
    {
        var time = new TwoClocks();
        using var watch = new ClockWatch(time);

        time.Pass(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.005));
        Assert.Equal(0, watch.Report().Steps);
        time.Pass(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(61));
        Assert.Equal(1, watch.Report().Steps);
        time.Pass(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(-30));
        Assert.Equal(2, watch.Report().Steps);
        Assert.Equal(2, watch.Report().Steps);
    }

    private sealed class TwoClocks : TimeProvider
    {
        private long _ticks = 1_000;
        private DateTimeOffset _wall = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan monotonic, TimeSpan wall) => (_ticks, _wall) = (_ticks + monotonic.Ticks, _wall + wall);

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
