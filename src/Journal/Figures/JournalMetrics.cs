using System.Diagnostics.Metrics;

namespace AkkaScale.Journal.Figures;

/// <summary>Meter "AkkaScale.Journal": what the lane of this process has written. Thread-safe.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter = new("AkkaScale.Journal");
    private readonly TimeProvider _time;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _events;
    private readonly Counter<long> _slices;
    private long _appendedRows;
    private long _failedSlices;

    public JournalMetrics(TimeProvider time)
    {
        _time = time;
        _seconds = _meter.CreateHistogram(
            "akkascale.journal.append.duration", "s", "Round trip of one batch to the database",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
            });
        _events = _meter.CreateCounter<long>("akkascale.journal.appended_events", "{event}", "Rows that were written");
        _slices = _meter.CreateCounter<long>("akkascale.journal.failed_slices", "{slice}", "Shards' parts of batches that were not written");
    }

    /// <summary>Batches, by the time of their round trip.</summary>
    public LatencyCounter Appends { get; } = new();

    public long AppendedRows => Volatile.Read(ref _appendedRows);

    public long FailedSlices => Volatile.Read(ref _failedSlices);

    public long Now => _time.GetTimestamp();

    /// <param name="began">By <see cref="Now"/>.</param>
    public void Appended(long began, long rows, int refusedSlices)
    {
        var took = _time.GetElapsedTime(began);
        Appends.Record(took);
        _seconds.Record(took.TotalSeconds);
        Interlocked.Add(ref _appendedRows, rows);
        _events.Add(rows);
        Failed(refusedSlices);
    }

    public void Failed(int slices)
    {
        Interlocked.Add(ref _failedSlices, slices);
        _slices.Add(slices);
    }

    public void Dispose() => _meter.Dispose();
}
