using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.TestKit.InProcess;

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
        var time = new DrivenClock();
        using var watch = new ClockWatch(time);

        Pass(time, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.005));
        Assert.Equal(0, watch.Report().Steps);
        Pass(time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(61));
        Assert.Equal(1, watch.Report().Steps);
        Pass(time, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(-30));
        Assert.Equal(2, watch.Report().Steps);
        Assert.Equal(2, watch.Report().Steps);
    }

    private static void Pass(DrivenClock time, TimeSpan monotonic, TimeSpan wall)
    {
        time.SkipWallClock(wall - monotonic);
        time.Advance(monotonic);
    }
}
