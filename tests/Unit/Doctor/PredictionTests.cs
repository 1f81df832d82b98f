using AkkaScale.Hosting.Doctor;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding;

namespace AkkaScale.Tests.Unit.Doctor;

public sealed class PredictionTests
{
    private static readonly StoreLatency Quick = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));

    [Fact]
    public void The_worst_case_is_the_one_the_design_promises()
    {
        var predicted = Predict(new ClusterOptions());

        // One poll, TTL·(1+g), two polls, load and a second: 0.333 + 2.2 + 0.667 + 0.005 + 1.
        Assert.Equal(4.205, predicted.FailoverTime.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(10)]
    public void What_is_expected_lies_between_the_earliest_and_the_worst_and_grows_with_the_lease(double ttl)
    {
        var predicted = Predict(new ClusterOptions { LeaseTtl = TimeSpan.FromSeconds(ttl) });

        Assert.InRange(predicted.ExpectedTime, predicted.Earliest, predicted.FailoverTime);
        Assert.InRange(predicted.ExpectedTime.TotalSeconds, ttl, ttl * 1.4);
        Assert.InRange(predicted.ExpectedHandoffTime, TimeSpan.Zero, predicted.HandoffTime);
    }

    /// <summary>The formula against the story it was made from, acted out many times.</summary>
    [Fact]
    public void The_expected_wait_is_the_mean_of_many_acted_deaths()
    {
        var options = new ClusterOptions();
        var random = new Random(7);
        var (renew, poll, expiry) = (options.RenewInterval.TotalSeconds, options.PollInterval.TotalSeconds, options.ObservedExpiry.TotalSeconds);
        var waits = Enumerable.Range(0, 200_000).Select(_ =>
        {
            var renewed = -random.NextDouble() * renew;
            var seen = Math.Min(0, renewed + (random.NextDouble() * poll));
            return seen + expiry + Enumerable.Range(0, 2).Min(_ => random.NextDouble() * poll);
        }).Average();

        var predicted = Predicting.Predict(options, new ShardingOptions(), default, survivors: 2, shardsEach: 0);

        Assert.Equal(waits, (predicted.ExpectedTime - (options.LeaseTtl / 200)).TotalSeconds, 0.01);
    }

    [Fact]
    public void More_shards_and_a_slower_store_take_longer()
    {
        var few = Predicting.Predict(new ClusterOptions(), new ShardingOptions(), Quick, survivors: 2, shardsEach: 10);
        var many = Predicting.Predict(new ClusterOptions(), new ShardingOptions(), Quick, survivors: 2, shardsEach: 1_000);
        var slow = Predicting.Predict(
            new ClusterOptions(), new ShardingOptions(), new StoreLatency(Quick.Median * 20, Quick.Longest * 20), survivors: 2, shardsEach: 10);

        Assert.True(many.ExpectedTime > few.ExpectedTime);
        Assert.True(slow.ExpectedTime > few.ExpectedTime && slow.FailoverTime > few.FailoverTime);
    }

    private static Predictions Predict(ClusterOptions options) => Predicting.Predict(options, new ShardingOptions(), Quick, survivors: 2, shardsEach: 43);
}
