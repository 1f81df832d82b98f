using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace AkkaScale.Hosting.Metrics;

/// <summary>All series of one instrument; past <paramref name="maxSeries"/> new label sets share one overflow series.</summary>
internal sealed class InstrumentSeries
{
    private const string OverflowLabels = "otel_metric_overflow=\"true\"";

    private readonly ConcurrentDictionary<TagSet, Series> _byTags = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private readonly KeyValuePair<string, object?>[] _ownTags;
    private readonly int _maxSeries;

    public InstrumentSeries(Instrument instrument, MetricKind kind, int maxSeries)
    {
        Instrument = instrument;
        Kind = kind;
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, kind);
        Bounds = kind == MetricKind.Histogram ? HistogramBoundaries.Of(instrument) : [];
        _ownTags = [.. instrument.Meter.Tags ?? [], .. instrument.Tags ?? []];
        _maxSeries = maxSeries;
    }

    public Instrument Instrument { get; }

    public MetricKind Kind { get; }

    /// <summary>The family's name in the exposition.</summary>
    public string Name { get; }

    public double[] Bounds { get; }

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => SeriesOf(tags).Record(value);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => SeriesOf(tags).Record(value);

    public IEnumerable<SeriesSnapshot> Read() => _byLabels.Values.Select(series => series.Read());

    /// <summary>Before observing anew: what is no longer reported must not stay.</summary>
    public void ForgetObserved()
    {
        if (Kind is MetricKind.ObservedCounter or MetricKind.ObservedUpDownCounter || (Kind == MetricKind.Gauge && Instrument.IsObservable))
        {
            _byTags.Clear();
            _byLabels.Clear();
        }
    }

    private Series SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        return lookup.TryGetValue(tags, out var series) ? series : AddSeries(tags);
    }

    private Series AddSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byTags.Count >= _maxSeries)
        {
            return _byLabels.GetOrAdd(OverflowLabels, Create);
        }

        // Tags in another order are another key here and the same series there.
        var copy = tags.ToArray();
        var series = _byLabels.GetOrAdd(PrometheusName.Labels([.. _ownTags, .. copy]), Create);
        _byTags.TryAdd(new TagSet(copy), series);
        return series;
    }

    private Series Create(string labels) => Kind switch
    {
        MetricKind.Histogram => new HistogramSeries(labels, Bounds),
        MetricKind.Counter => new SumSeries(labels, growing: true),
        MetricKind.UpDownCounter => new SumSeries(labels, growing: false),
        _ => new LastValueSeries(labels),
    };

    private readonly record struct TagSet(KeyValuePair<string, object?>[] Tags);

    /// <summary>Finds the series of a measurement without allocating for its tags.</summary>
    private sealed class TagSetComparer :
        IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public static readonly TagSetComparer Instance = new();

        public bool Equals(TagSet x, TagSet y) => Equals(x.Tags, y);

        public int GetHashCode([DisallowNull] TagSet obj) => GetHashCode(obj.Tags.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
        {
            if (alternate.Length != other.Tags.Length)
            {
                return false;
            }

            for (var i = 0; i < alternate.Length; i++)
            {
                if (alternate[i].Key != other.Tags[i].Key || !Equals(alternate[i].Value, other.Tags[i].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var (key, value) in alternate)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());
    }
}
