using System.Diagnostics.Metrics;
using System.Globalization;

namespace AkkaScale.Hosting.Metrics;

/// <summary>Upper bounds of a histogram's buckets: those its instrument advises, else a default for its unit.</summary>
internal static class HistogramBoundaries
{
    private static readonly double[] Seconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] Bytes = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

    private static readonly double[] Numbers = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    public static double[] Of(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => Advised(histogram),
            Histogram<float> histogram => Advised(histogram),
            Histogram<decimal> histogram => Advised(histogram),
            Histogram<long> histogram => Advised(histogram),
            Histogram<int> histogram => Advised(histogram),
            Histogram<short> histogram => Advised(histogram),
            Histogram<byte> histogram => Advised(histogram),
            _ => [],
        };
        return advised.Length > 0 ? advised : DefaultFor(instrument.Unit);
    }

    private static double[] DefaultFor(string? unit) => unit switch
    {
        "s" => Seconds,
        "ms" => [.. Seconds.Select(bound => bound * 1000)],
        "By" => Bytes,
        _ => Numbers,
    };

    private static double[] Advised<T>(Histogram<T> histogram)
        where T : struct =>
        histogram.Advice?.HistogramBucketBoundaries is { } bounds
            ? [.. bounds.Select(bound => Convert.ToDouble(bound, CultureInfo.InvariantCulture)).Where(double.IsFinite).Distinct().Order()]
            : [];
}
