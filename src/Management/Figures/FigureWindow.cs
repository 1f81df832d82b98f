using AkkaScale.Journal.Figures;
using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Figures;

/// <summary>What happened between two samples. Counts that went back, because what they count began anew, are nothing.</summary>
internal sealed class FigureWindow(FigureSample from, FigureSample to)
{
    public static FigureWindow Empty { get; } = new(Nothing, Nothing);

    public TimeSpan Length { get; } = to.At - from.At;

    public TrafficReport Traffic()
    {
        var asks = Between(from.Asks, to.Asks);
        return new TrafficReport(
            Math.Round(Length.TotalSeconds, 1), PerSecond(asks.Sum()), PerSecond(to.FailedAsks - from.FailedAsks), PerSecond(to.Messages - from.Messages),
            Quantile(asks, 0.5), Quantile(asks, 0.99));
    }

    public AppendReport Appends()
    {
        var batches = Between(from.Appends, to.Appends);
        return new AppendReport(
            PerSecond(batches.Sum()), PerSecond(to.AppendedEvents - from.AppendedEvents), PerSecond(to.FailedSlices - from.FailedSlices),
            Quantile(batches, 0.5), Quantile(batches, 0.99));
    }

    /// <summary>How many processors this process kept busy.</summary>
    public double Processors() => Share(to.Processor - from.Processor);

    /// <summary>Of the window, how long the collector held everything up.</summary>
    public double PauseShare() => Share(to.Pause - from.Pause);

    private static FigureSample Nothing =>
        new(default, new long[LatencyBuckets.Count], 0, 0, new long[LatencyBuckets.Count], 0, 0, default, default);

    private static long[] Between(long[] earlier, long[] later) => [.. later.Zip(earlier, (after, before) => after - before)];

    private static double? Quantile(long[] counts, double share) =>
        LatencyBuckets.Quantile(counts, share) is { } latency ? Math.Round(latency.TotalSeconds, 7) : null;

    private double PerSecond(long count) => Length > TimeSpan.Zero ? Math.Round(Math.Max(0, count) / Length.TotalSeconds, 1) : 0;

    private double Share(TimeSpan part) => Length > TimeSpan.Zero ? Math.Round(Math.Max(0, part / Length), 4) : 0;
}
