using AkkaScale.Journal.Figures;

namespace AkkaScale.Tests.Unit.Figures;

public sealed class LatencyBucketsTests
{
    [Fact]
    public void Every_bucket_begins_where_the_one_before_ends_and_is_at_most_an_eighth_wide()
    {
        for (var index = 0; index < LatencyBuckets.Count; index++)
        {
            var (from, to) = (LatencyBuckets.LowerBound(index), LatencyBuckets.LowerBound(index + 1));
            Assert.Equal(index, LatencyBuckets.IndexOf(from));
            Assert.Equal(index, LatencyBuckets.IndexOf(to - TimeSpan.FromTicks(1)));
            Assert.True((to - from).Ticks <= Math.Max(1, from.Ticks / 8), $"bucket {index} is {to - from} wide and begins at {from}");
        }
    }

    [Fact]
    public void What_is_off_the_scale_goes_to_its_ends()
    {
        Assert.Equal(0, LatencyBuckets.IndexOf(TimeSpan.FromTicks(-5)));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.IndexOf(TimeSpan.FromHours(1)));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.IndexOf(TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void A_quantile_is_right_to_an_eighth(double share)
    {
        var random = new Random(7);
        var counter = new LatencyCounter();
        var latencies = Enumerable.Range(0, 10_000).Select(_ => TimeSpan.FromMilliseconds(Math.Exp(random.NextDouble() * 8))).Order().ToArray();
        foreach (var latency in latencies)
        {
            counter.Record(latency);
        }

        var exact = latencies[(int)(share * latencies.Length) - 1].TotalSeconds;
        var found = LatencyBuckets.Quantile(counter.Read(), share)!.Value.TotalSeconds;
        Assert.InRange(found, exact * 7 / 8, exact * 9 / 8);
    }

    [Fact]
    public void Of_nothing_there_is_no_quantile() => Assert.Null(LatencyBuckets.Quantile(new LatencyCounter().Read(), 0.5));

    [Fact]
    public void No_recording_of_many_threads_is_lost()
    {
        // By time, not by number: on a busy machine short threads run one after the other, and nothing could be lost.
        var length = TimeSpan.FromMilliseconds(300);
        var counter = new LatencyCounter();
        var recorded = 0L;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var own = 0L;
            for (; clock.Elapsed < length; own += 100)
            {
                for (var nr = 0; nr < 100; nr++)
                {
                    counter.Record(TimeSpan.FromMilliseconds(1));
                }
            }

            Interlocked.Add(ref recorded, own);
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(recorded, counter.Read().Sum());
    }
}
