using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Metrics;

/// <summary>
/// Collects what the process measures and writes it as Prometheus text. Create it before the first measurement: what was
/// counted earlier is not seen.
/// </summary>
public sealed partial class PrometheusExporter : IDisposable
{
    /// <summary>Of the answer that <see cref="WriteTo"/> makes.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Label sets of one instrument before further ones share a series labelled <c>otel_metric_overflow</c>.</summary>
    public const int DefaultMaxSeries = 500;

    private const string OwnMeters = "AkkaScale.";

    private static readonly HashSet<string> ForeignMeters =
        ["Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<InstrumentSeries>> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly ILogger _logger;
    private readonly int _maxSeries;

    public PrometheusExporter(ILogger<PrometheusExporter> logger, int maxSeriesPerInstrument = DefaultMaxSeries)
    {
        _logger = logger;
        _maxSeries = maxSeriesPerInstrument;
        _listener.InstrumentPublished = Subscribe;
        _listener.MeasurementsCompleted = Unsubscribe;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, (long)value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, (long)value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, (long)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Observes what is to be observed and writes all families, sorted by name. Calls wait for each other.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            foreach (var instrument in _families.Values.SelectMany(family => family))
            {
                instrument.ForgetObserved();
            }

            Observe();
            foreach (var family in _families.Values)
            {
                PrometheusText.WriteFamily(output, family);
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsWanted(string meter) => meter.StartsWith(OwnMeters, StringComparison.Ordinal) || ForeignMeters.Contains(meter);

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (Exception exception)
        {
            // One broken callback must not hide all other metrics; the runtime goes through all of them before it throws.
            LogObserveFailed(_logger, exception);
        }
    }

    private void Subscribe(Instrument instrument, MeterListener listener)
    {
        if (!IsWanted(instrument.Meter.Name) || KindOf(instrument) is not { } kind)
        {
            return;
        }

        var series = new InstrumentSeries(instrument, kind, _maxSeries);
        lock (_gate)
        {
            if (!_families.TryGetValue(series.Name, out var family))
            {
                _families.Add(series.Name, family = []);
            }

            if (family.Count > 0 && (family[0].Kind != kind || !family[0].Bounds.SequenceEqual(series.Bounds)))
            {
                LogConflict(_logger, instrument.Name, instrument.Meter.Name, series.Name, family[0].Instrument.Meter.Name);
                return;
            }

            family.Add(series);
        }

        listener.EnableMeasurementEvents(instrument, series);
    }

    private void Unsubscribe(Instrument instrument, object? state)
    {
        if (state is not InstrumentSeries series)
        {
            return;
        }

        lock (_gate)
        {
            if (_families.TryGetValue(series.Name, out var family) && family.Remove(series) && family.Count == 0)
            {
                _families.Remove(series.Name);
            }
        }
    }

    private static void Record(object? state, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentSeries)state!).Record(value, tags);

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentSeries)state!).Record(value, tags);

    private static MetricKind? KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return generic == typeof(Counter<>) ? MetricKind.Counter
            : generic == typeof(UpDownCounter<>) ? MetricKind.UpDownCounter
            : generic == typeof(Histogram<>) ? MetricKind.Histogram
            : generic == typeof(Gauge<>) || generic == typeof(ObservableGauge<>) ? MetricKind.Gauge
            : generic == typeof(ObservableCounter<>) ? MetricKind.ObservedCounter
            : generic == typeof(ObservableUpDownCounter<>) ? MetricKind.ObservedUpDownCounter
            : null;
    }

    [LoggerMessage(1, LogLevel.Warning, "Some metrics could not be observed")]
    private static partial void LogObserveFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Instrument} of {Meter} is not exported: {Name} is a metric of {Other} with another type or other buckets")]
    private static partial void LogConflict(ILogger logger, string instrument, string meter, string name, string other);
}
