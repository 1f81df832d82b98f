using AkkaScale.LegacySharding.Recovery;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>The limit follows the store's latency, relative to what the store can do, within its bounds.</summary>
public sealed class RecoveryGovernorTests
{
    private const int Most = 32;

    [Theory]
    [InlineData(0.1)]
    [InlineData(5)]
    [InlineData(80)]
    public void A_store_that_is_as_fast_as_ever_gets_as_many_as_allowed_whatever_that_is(double milliseconds)
    {
        var governor = new RecoveryGovernor(Most);
        Observe(governor, 2_000, _ => milliseconds);
        Assert.Equal(Most, governor.Limit);
    }

    [Fact]
    public void A_store_that_takes_three_times_as_long_gets_one_at_a_time_and_more_again_when_it_recovers()
    {
        var governor = new RecoveryGovernor(Most);
        Observe(governor, 2_000, _ => 10);
        Observe(governor, 300, _ => 30);
        Assert.Equal(1, governor.Limit);
        Observe(governor, 2_000, _ => 10);
        Assert.Equal(Most, governor.Limit);
    }

    [Fact]
    public void Appends_that_take_longer_slow_recovery_down_although_loads_do_not()
    {
        var governor = new RecoveryGovernor(Most);
        Observe(governor, 2_000, _ => 10);
        for (var round = 0; round < 300; round++)
        {
            governor.Observe(StoreCall.Append, 8, TimeSpan.FromMilliseconds(round == 0 ? 5 : 40));
            governor.Observe(StoreCall.Load, 8, TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(1, governor.Limit);
    }

    [Fact]
    public void Large_calls_that_take_longer_than_small_ones_are_no_sign_of_load()
    {
        var governor = new RecoveryGovernor(Most);
        for (var round = 0; round < 4_000; round++)
        {
            var size = 1 << (round % 11);
            governor.Observe(StoreCall.Append, size, TimeSpan.FromMilliseconds(2 + size / 20.0));
        }

        Assert.Equal(Most, governor.Limit);
    }

    [Fact]
    public void A_store_that_has_become_slower_for_good_is_not_taken_for_a_busy_one_for_ever()
    {
        var governor = new RecoveryGovernor(Most);
        Observe(governor, 1_000, _ => 5);
        Observe(governor, 4_000, _ => 25);
        Assert.Equal(Most, governor.Limit);
    }

    [Fact]
    public void One_stall_does_not_stop_recovery()
    {
        var governor = new RecoveryGovernor(Most);
        Observe(governor, 2_000, _ => 10);
        Observe(governor, 64, number => number == 20 ? 5_000 : 10);
        Assert.Equal(Most, governor.Limit);
    }

    /// <summary>The loop closed: latency follows from what is under way, as in a store that can serve eight at a time.</summary>
    [Fact]
    public void It_settles_where_latency_is_about_twice_the_best()
    {
        var governor = new RecoveryGovernor(Most);
        var random = new Random(1);
        var seen = new List<int>();
        for (var round = 0; round < 4_000; round++)
        {
            var latency = 5 * Math.Max(1, governor.Limit / 8.0) * (0.9 + 0.2 * random.NextDouble());
            governor.Observe(StoreCall.Load, 1, TimeSpan.FromMilliseconds(latency));
            if (round > 1_000)
            {
                seen.Add(governor.Limit);
            }
        }

        Assert.InRange(seen.Average(), 9, 20);
        Assert.InRange(seen.Max(), 12, 24);
    }

    [Fact]
    public void Whatever_is_observed_the_limit_stays_within_its_bounds()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var most = random.Next(1, 100);
            var governor = new RecoveryGovernor(most);
            for (var round = 0; round < 500; round++)
            {
                governor.Observe((StoreCall)random.Next(2), random.Next(-1, int.MaxValue), TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 8 - 3)));
                Assert.InRange(governor.Limit, 1, most);
            }
        }
    }

    private static void Observe(RecoveryGovernor governor, int times, Func<int, double> milliseconds)
    {
        for (var number = 0; number < times; number++)
        {
            governor.Observe(StoreCall.Load, 8, TimeSpan.FromMilliseconds(milliseconds(number)));
        }
    }
}
