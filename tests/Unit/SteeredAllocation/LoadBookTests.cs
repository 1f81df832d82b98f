using AkkaScale.Sharding.Loads;
using AkkaScale.Sharding.Messages;
using CsCheck;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What a coordinator makes of reported loads.</summary>
public sealed class LoadBookTests
{
    private const int Shards = 4;

    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private readonly LoadBook _book = new(Shards, Half);
    private double _now = 100;

    [Fact]
    public void What_nobody_reported_is_not_known_and_what_is_idle_weighs_ten()
    {
        Assert.Equal([0, 0, 0, 0], Weights);
        Assert.Null(_book.Find(0));
        Report(3, (1, 0, 0));
        Assert.Equal([0, 10, 0, 0], Weights);
    }

    [Fact]
    public void After_the_half_life_half_of_a_load_counts_and_at_last_all_of_it()
    {
        for (var report = 0; report < 10; report++)
        {
            Report(3, (2, 600, 5_000));
        }

        var (messages, entities) = _book.Find(2)!.Value;
        Assert.Equal(100, messages, 6);
        Assert.Equal(2_500, entities, 6);
        for (var report = 0; report < 200; report++)
        {
            Report(3, (2, 600, 5_000));
        }

        Assert.InRange(Weights[2], 10 + 160, 10 + 250);
    }

    [Fact]
    public void Loads_that_sway_by_a_tenth_change_no_weight_any_more() => Gen.Double[0.9, 1.1].Array[60].Sample(
        sway =>
        {
            var book = new LoadBook(Shards, TimeSpan.FromSeconds(1));
            var now = TimeSpan.FromSeconds(100);
            void Add(double part) => book.Add(now += TimeSpan.FromSeconds(10), new ShardLoadsReported("task", 10, new Dictionary<int, long[]>
            {
                [0] = [(long)(5_000 * part), 0],
            }));

            foreach (var part in new[] { 1, 1, 1, 1.1, 0.9, 1.1 })
            {
                Add(part);
            }

            var weight = book.Weights(now)[0];
            foreach (var part in sway)
            {
                Add(part);
                Assert.Equal(weight, book.Weights(now)[0]);
            }
        },
        iter: 100, threads: 1);

    [Fact]
    public void Who_reports_nothing_for_a_minute_is_not_known_any_more()
    {
        Report(3, (0, 3, 0), (1, 3, 0));
        _now += 50;
        Report(3, (1, 3, 0));
        _now += 20;
        Assert.Equal([0, 10, 0, 0], Weights);
    }

    [Fact]
    public void A_report_that_makes_no_sense_is_passed_over()
    {
        Report(0, (0, 1, 1));
        Report(double.NaN, (0, 1, 1));
        Report(3, (-1, 1, 1), (Shards, 1, 1), (0, -1, 1), (1, 1, -1));
        _book.Add(Now, new ShardLoadsReported("task", 3, new Dictionary<int, long[]> { [2] = [1] }));
        Assert.Equal([0, 0, 0, 0], Weights);
    }

    [Fact]
    public void A_new_coordinator_begins_with_what_the_former_published_where_it_knows_nothing_newer()
    {
        Report(3, (0, 3_000_000, 0));
        var reported = Weights[0];
        _book.Inherit(Now, [20, 0, 250]);
        Assert.Equal([reported, 0, 250, 0], Weights);
        for (var report = 0; report < 10; report++)
        {
            Report(3, (2, 0, 0));
        }

        Assert.InRange(Weights[2], 100, 165);
    }

    private int[] Weights => _book.Weights(Now);

    private TimeSpan Now => TimeSpan.FromSeconds(_now);

    private void Report(double seconds, params (int Shard, long Messages, long Entities)[] shards)
    {
        _now += double.IsFinite(seconds) ? seconds : 0;
        _book.Add(Now, new ShardLoadsReported("task", seconds, shards.ToDictionary(each => each.Shard, each => new[] { each.Messages, each.Entities })));
    }
}
