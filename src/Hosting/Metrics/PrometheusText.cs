using System.Buffers;
using System.Globalization;
using System.Text;

namespace AkkaScale.Hosting.Metrics;

/// <summary>Writes families in the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <param name="instruments">Those that share one name and kind; their sums are added up.</param>
    public static void WriteFamily(IBufferWriter<byte> output, IReadOnlyList<InstrumentSeries> instruments)
    {
        var first = instruments[0];
        var series = Merged(instruments);
        if (series.Count == 0)
        {
            return;
        }

        if (!string.IsNullOrEmpty(first.Instrument.Description))
        {
            Write(output, $"# HELP {first.Name} {PrometheusName.EscapeHelp(first.Instrument.Description)}\n");
        }

        Write(output, $"# TYPE {first.Name} {TypeOf(first.Kind)}\n");
        foreach (var reading in series.Values)
        {
            if (first.Kind == MetricKind.Histogram)
            {
                WriteHistogram(output, first.Name, first.Bounds, reading);
            }
            else
            {
                WriteSample(output, first.Name, reading.Labels, Number(reading.Value));
            }
        }
    }

    private static SortedDictionary<string, SeriesSnapshot> Merged(IReadOnlyList<InstrumentSeries> instruments)
    {
        var merged = new SortedDictionary<string, SeriesSnapshot>(StringComparer.Ordinal);
        foreach (var reading in instruments.SelectMany(instrument => instrument.Read()))
        {
            merged[reading.Labels] = instruments[0].Kind != MetricKind.Gauge && merged.TryGetValue(reading.Labels, out var earlier)
                ? earlier.Plus(reading)
                : reading;
        }

        return merged;
    }

    /// <summary>The count is taken from the buckets, so that it equals the last of them whatever is recorded meanwhile.</summary>
    private static void WriteHistogram(IBufferWriter<byte> output, string name, double[] bounds, SeriesSnapshot reading)
    {
        var separator = reading.Labels.Length > 0 ? "," : "";
        var count = 0L;
        for (var i = 0; i < reading.Buckets.Length; i++)
        {
            count += reading.Buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            WriteSample(output, $"{name}_bucket", $"{reading.Labels}{separator}le=\"{bound}\"", Number(count));
        }

        WriteSample(output, $"{name}_sum", reading.Labels, Number(reading.Value));
        WriteSample(output, $"{name}_count", reading.Labels, Number(count));
    }

    private static void WriteSample(IBufferWriter<byte> output, string name, string labels, string value) =>
        Write(output, labels.Length == 0 ? $"{name} {value}\n" : $"{name}{{{labels}}} {value}\n");

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter or MetricKind.ObservedCounter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
