using AkkaScale.Pbm.Load.Replay;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_at_most_a_64th_above_the_true_ones()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 8)).ToList();
        var histogram = new LatencyHistogram();
        values.ForEach(value => histogram.Record(TimeSpan.FromMicroseconds(value)));
        values.Sort();

        foreach (var fraction in new[] { 0.0001, 0.5, 0.95, 0.99, 0.999, 1.0 })
        {
            var exact = values[(int)Math.Ceiling(fraction * values.Count) - 1];
            Assert.InRange(histogram.Percentile(fraction).TotalMicroseconds, exact, exact * (1 + (1 / 64.0)));
        }

        Assert.Equal(values[^1], histogram.Max.TotalMicroseconds);
        Assert.Equal(10_000, histogram.Count);
    }

    [Fact]
    public void Nothing_recorded_is_zero_and_the_longest_time_still_fits()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));

        histogram.Record(TimeSpan.MaxValue);
        histogram.Record(TimeSpan.FromSeconds(-1));

        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));
        Assert.True(histogram.Percentile(1) > TimeSpan.FromHours(30));
    }
}
