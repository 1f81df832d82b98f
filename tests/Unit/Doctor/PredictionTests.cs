using AkkaScale.Cluster.Options;
using AkkaScale.Management.Doctor;

namespace AkkaScale.Tests.Unit.Doctor;

public sealed class PredictionTests
{
    private static readonly StoreLatency Quick = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));

    [Fact]
    public void The_worst_case_is_the_time_to_live_with_its_margin_and_two_seconds()
    {
        var predicted = Predicting.Predict(new ClusterDatabaseOptions(), Quick, survivors: 2);

        // TTL·(1+g), two readings, load and two seconds: 2.2 + 0.12 + 0.005 + 2.
        Assert.Equal(4.325, predicted.FailoverTime.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(10)]
    public void What_is_expected_lies_between_the_earliest_and_the_worst_and_grows_with_the_time_to_live(double ttl)
    {
        var predicted = Predicting.Predict(new ClusterDatabaseOptions { TimeToLive = TimeSpan.FromSeconds(ttl) }, Quick, survivors: 2);

        Assert.InRange(predicted.ExpectedTime, predicted.Earliest, predicted.FailoverTime);
        Assert.InRange(predicted.ExpectedTime.TotalSeconds, ttl, ttl * 1.1 + 0.7);
    }

    /// <summary>The formula against the story it was made from, acted out many times.</summary>
    [Fact]
    public void The_expected_wait_is_the_mean_of_many_acted_deaths()
    {
        var options = new ClusterDatabaseOptions();
        var random = new Random(7);
        var (renew, look, expiry) = (options.RenewInterval.TotalSeconds, options.ObserveInterval.TotalSeconds, options.DeadAfter.TotalSeconds);
        var waits = Enumerable.Range(0, 200_000).Select(_ =>
        {
            var renewed = -random.NextDouble() * renew;
            var seen = Math.Min(0, renewed + (random.NextDouble() * look));
            return seen + expiry + Enumerable.Range(0, 2).Min(_ => random.NextDouble() * look);
        }).Average();

        var predicted = Predicting.Predict(options, default, survivors: 2);

        var afterwards = predicted.Expected.Where(term => term.Name is "Akka removes it" or "its shards start elsewhere").Sum(term => term.Time.TotalSeconds);
        Assert.True(afterwards > 0);
        Assert.Equal(waits, predicted.ExpectedTime.TotalSeconds - afterwards, 0.01);
    }

    [Fact]
    public void A_process_that_ends_is_answered_for_without_its_time_to_live_where_that_is_noticed()
    {
        var noticed = Predicting.Predict(new ClusterDatabaseOptions(), Quick, survivors: 2);
        Assert.InRange(noticed.EndedTime!.Value.TotalSeconds, 0.6, 1);
        Assert.Null(Predicting.Predict(new ClusterDatabaseOptions { DetectEndedProcesses = false }, Quick, survivors: 2).EndedTime);
    }

    [Fact]
    public void Where_the_coordinator_dies_too_another_must_begin_first()
    {
        var usual = Predicting.Predict(new ClusterDatabaseOptions(), Quick, survivors: 2);
        var with = Predicting.Predict(new ClusterDatabaseOptions(), Quick, survivors: 2, hasCoordinator: true);
        var later = with.EndedTime!.Value - usual.EndedTime!.Value;
        Assert.InRange(later.TotalSeconds, 0.2, 1);
        Assert.Equal(later, with.ExpectedTime - usual.ExpectedTime);
        Assert.Equal(usual.FailoverTime, with.FailoverTime);
    }

    [Fact]
    public void A_slower_store_takes_longer()
    {
        var quick = Predicting.Predict(new ClusterDatabaseOptions(), Quick, survivors: 2);
        var slow = Predicting.Predict(new ClusterDatabaseOptions(), new StoreLatency(Quick.Median * 20, Quick.Longest * 20), survivors: 2);

        Assert.True(slow.ExpectedTime > quick.ExpectedTime && slow.FailoverTime > quick.FailoverTime);
    }
}
