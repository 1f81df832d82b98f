using AkkaScale.Sharding.Figures;

namespace AkkaScale.Hosting.Figures;

/// <summary>What happened between two samples. Counts that went back, because what they count began anew, are nothing.</summary>
internal sealed class FigureWindow(FigureSample from, FigureSample to)
{
    public static FigureWindow Empty { get; } = new(Nothing, Nothing);

    public TimeSpan Length { get; } = to.At - from.At;

    public TrafficFigures Traffic()
    {
        var asks = Between(from.Asks, to.Asks);
        return new TrafficFigures(
            Math.Round(Length.TotalSeconds, 1), PerSecond(asks.Sum()), PerSecond(to.FailedAsks - from.FailedAsks), PerSecond(to.Messages - from.Messages),
            Quantile(asks, 0.5), Quantile(asks, 0.99));
    }

    public AppendFigures Appends()
    {
        var batches = Between(from.Appends, to.Appends);
        return new AppendFigures(
            PerSecond(batches.Sum()), PerSecond(to.AppendedEvents - from.AppendedEvents), PerSecond(to.FailedSlices - from.FailedSlices),
            Quantile(batches, 0.5), Quantile(batches, 0.99));
    }

    /// <summary>Of the processors' time in the window, what this process used.</summary>
    public double ProcessorShare(int processors) => Share((to.Processor - from.Processor) / processors);

    /// <summary>Of the window, how long the collector held everything up.</summary>
    public double PauseShare() => Share(to.Pause - from.Pause);

    private static FigureSample Nothing =>
        new(default, new long[LatencyBuckets.Count], 0, 0, new long[LatencyBuckets.Count], 0, 0, default, default);

    private static long[] Between(long[] earlier, long[] later) => [.. later.Zip(earlier, (after, before) => after - before)];

    private static double? Quantile(long[] counts, double share) =>
        LatencyBuckets.Quantile(counts, share) is { } latency ? Math.Round(latency.TotalSeconds, 7) : null;

    private double PerSecond(long count) => Length > TimeSpan.Zero ? Math.Round(Math.Max(0, count) / Length.TotalSeconds, 1) : 0;

    private double Share(TimeSpan part) => Length > TimeSpan.Zero ? Math.Round(Math.Clamp(part / Length, 0, 1), 4) : 0;
}
