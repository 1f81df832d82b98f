using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using Xunit;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class LoadBookTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LoadBook _book = new(4, TimeSpan.FromSeconds(30));

    [Fact]
    public void Nothing_is_known_before_the_first_report() => Assert.Empty(_book.Loads);

    [Fact]
    public void At_first_the_rate_is_the_mean_of_all_that_was_seen()
    {
        foreach (var messages in new[] { 100, 0, 20 })
        {
            Report(Second, messages);
        }

        Assert.Equal(40, _book.Loads[1].Rate, 6);
        Assert.Equal(default, _book.Loads[0]);
    }

    [Fact]
    public void A_steady_rate_is_found_whatever_the_length_of_the_intervals()
    {
        for (var report = 0; report < 200; report++)
        {
            Report(report % 2 == 0 ? Second : Second / 4, report % 2 == 0 ? 40 : 10);
        }

        Assert.Equal(40, _book.Loads[1].Rate, 6);
    }

    [Fact]
    public void What_is_past_fades_by_the_window()
    {
        for (var report = 0; report < 300; report++)
        {
            Report(Second, 100);
        }

        for (var report = 0; report < 30; report++)
        {
            Report(Second, 0);
        }

        Assert.Equal(100 / Math.E, _book.Loads[1].Rate, 1);
    }

    [Fact]
    public void A_lost_report_changes_nothing_but_the_age_of_what_is_known()
    {
        Report(Second, 10);
        Report(Second * 5, 50);
        Assert.Equal(10, _book.Loads[1].Rate, 6);
    }

    [Theory]
    [InlineData(4, 1, 1, 1.0)]
    [InlineData(-1, 1, 1, 1.0)]
    [InlineData(1, -1, 1, 1.0)]
    [InlineData(1, 1, -1, 1.0)]
    [InlineData(1, 1, 1, 0.0)]
    [InlineData(1, 1, 1, 3600.0)]
    public void Senseless_reports_are_ignored(int shard, long messages, int residents, double seconds)
    {
        _book.Add(TimeSpan.FromSeconds(seconds), [new ShardTraffic(shard, messages, residents)]);
        Assert.True(_book.IsEmpty);
    }

    private void Report(TimeSpan interval, long messages) => _book.Add(interval, [new ShardTraffic(1, messages, 3)]);
}
