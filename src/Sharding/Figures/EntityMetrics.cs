using System.Diagnostics.Metrics;
using AkkaScale.Entities;
using AkkaScale.Journal.Figures;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Figures;

/// <summary>Meter "AkkaScale.Sharding".</summary>
public sealed class EntityMetrics : IDisposable
{
    public const string MeterName = "AkkaScale.Sharding";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _asks;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _recoveredEvents;
    private long _failedAsks;
    private long _messages;

    public EntityMetrics()
    {
        _asks = _meter.CreateCounter<long>("akkascale.asks", "{ask}", "Answers given to callers of this process, by status");
        _retries = _meter.CreateCounter<long>("akkascale.ask.retries", "{attempt}", "Attempts that were repeated, by cause");
        _seconds = _meter.CreateHistogram(
            "akkascale.ask.duration", "s", "From a command or read to its answer, all attempts included",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15] });
        _recoveries = _meter.CreateCounter<long>("akkascale.entity.recoveries", "{entity}", "Entities loaded from the journal");
        _recoveredEvents = _meter.CreateCounter<long>("akkascale.entity.recovered_events", "{event}", "Events folded by recoveries");
    }

    /// <summary>Entities in memory on this node.</summary>
    public void ObserveResidents(Func<long> residents) =>
        _meter.CreateObservableGauge("akkascale.entity.residents", residents, "{entity}", "Entities in memory");

    /// <summary>Commands and reads of this process under way.</summary>
    public void ObserveAsks(Func<int> asks) =>
        _meter.CreateObservableGauge("akkascale.router.waiting", asks, "{ask}", "Commands and reads of this process under way");

    /// <summary>By the time from ask to answer.</summary>
    internal LatencyCounter Asks { get; } = new();

    /// <summary>Of the answers, those that no entity gave: overloaded, unavailable, too late. A refusal is an answer.</summary>
    internal long FailedAsks => Volatile.Read(ref _failedAsks);

    /// <summary>Commands and reads that entities of this node were given.</summary>
    internal long Messages => Volatile.Read(ref _messages);

    public void Recovered(long events)
    {
        _recoveries.Add(1);
        _recoveredEvents.Add(events);
    }

    public void Dispose() => _meter.Dispose();

    internal void Answered(ReplyStatus status, TimeSpan latency)
    {
        _asks.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));
        _seconds.Record(latency.TotalSeconds);
        Asks.Record(latency);
        if (status is ReplyStatus.Overloaded or ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable or ReplyStatus.DeadlineExceeded)
        {
            Interlocked.Increment(ref _failedAsks);
        }
    }

    /// <summary>An attempt that ended without an answer of the entity is repeated.</summary>
    internal void Attempted(OutcomeKind outcome)
    {
        if (outcome != OutcomeKind.Answered)
        {
            Repeated(outcome.ToString());
        }
    }

    /// <summary>An entity of this node was given a command or a read.</summary>
    internal void Delivered() => Interlocked.Increment(ref _messages);

    internal void Repeated(string cause) => _retries.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
