using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class ResidentShareTests
{
    private const int Bound = 1_000;

    [Fact]
    public void An_idle_node_lets_a_shard_keep_twice_an_even_share() => Assert.Equal(200, ResidentShare.Next(Bound, Bound, new int[10]));

    [Fact]
    public void A_skewed_shard_keeps_twice_an_even_share_while_the_others_leave_room() =>
        Assert.Equal(200, ResidentShare.Next(Bound, 200, [200, .. Enumerable.Repeat(50, 9)]));

    [Fact]
    public void When_all_want_more_each_gets_an_even_share() => Assert.Equal(100, ResidentShare.Next(Bound, 200, Enumerable.Repeat(200, 10).ToArray()));

    [Fact]
    public void A_few_that_want_more_share_what_the_others_leave() =>
        Assert.Equal(120, ResidentShare.Next(Bound, 200, [.. Enumerable.Repeat(200, 5), .. Enumerable.Repeat(80, 5)]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void There_is_always_room_for_one(int shards) => Assert.InRange(ResidentShare.Next(1, 1, Enumerable.Repeat(1, shards).ToArray()), 1, 1);

    /// <summary>A flood of new ids fills every shard to its limit between two ticks: the node settles at its bound and stays there.</summary>
    [Fact]
    public void Under_a_flood_the_node_settles_at_its_bound()
    {
        var random = new Random(20_261);
        for (var run = 0; run < 200; run++)
        {
            var (bound, shards) = (random.Next(1, 5_000), random.Next(1, 300));
            var limit = bound;
            var held = new int[shards];
            for (var tick = 0; tick < 6; tick++)
            {
                limit = ResidentShare.Next(bound, limit, held);
                Array.Fill(held, limit);
            }

            Assert.True(held.Sum() <= Math.Max(bound, shards), $"{shards} shards hold {held.Sum()} of {bound}");
        }
    }

    [Fact]
    public void Whatever_is_held_what_stays_fits_the_bound_when_it_is_exceeded()
    {
        var random = new Random(20_262);
        for (var run = 0; run < 2_000; run++)
        {
            var (bound, present) = (random.Next(1, 5_000), random.Next(1, 5_000));
            var held = Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(0, 200)).ToArray();
            var limit = ResidentShare.Next(bound, present, held);
            Assert.True(held.Sum(shard => Math.Min(shard, limit)) <= Math.Max(bound, held.Length), $"limit {limit} of {bound}");
        }
    }
}
