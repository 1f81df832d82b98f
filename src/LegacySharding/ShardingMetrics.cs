using System.Diagnostics.Metrics;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Figures;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding;

/// <summary>Meter "AkkaScale.Sharding".</summary>
public sealed class ShardingMetrics : IDisposable
{
    public const string MeterName = "AkkaScale.Sharding";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _asks;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _confirmations;
    private readonly Counter<long> _failedSlices;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _recoveredEvents;
    private readonly Counter<long> _handoffs;
    private readonly Counter<long> _handoffEntities;
    private readonly Histogram<double> _handoffPause;
    private readonly Counter<long> _appendedEvents;
    private readonly Histogram<double> _appendSeconds;
    private readonly Histogram<int> _batchEvents;
    private volatile Func<int>? _recoveryLimit;
    private volatile Func<int>? _recoveryWaiting;

    public ShardingMetrics()
    {
        _asks = _meter.CreateCounter<long>("akkascale.asks", "{ask}", "Answers given to callers of this process, by status");
        _retries = _meter.CreateCounter<long>("akkascale.ask.retries", "{attempt}", "Attempts repeated by the router, by cause");
        _confirmations = _meter.CreateCounter<long>(
            "akkascale.read.confirmations", "{shard}", "Shards whose owner the store was asked for on behalf of confirmed reads, by outcome: Confirmed, NotOwner, Unavailable");
        _failedSlices = _meter.CreateCounter<long>("akkascale.journal.failed_slices", "{slice}", "Slices not confirmed by the journal, by status");
        _recoveries = _meter.CreateCounter<long>("akkascale.entity.recoveries", "{entity}", "Entities loaded from the journal");
        _recoveredEvents = _meter.CreateCounter<long>("akkascale.entity.recovered_events", "{event}", "Events folded by recoveries");
        _handoffs = _meter.CreateCounter<long>("akkascale.handoffs", "{shard}", "Shards this node handed off: warm, cold (their target loads) or aborted");
        _handoffEntities = _meter.CreateCounter<long>(
            "akkascale.handoff.entities", "{entity}", "Entities moved from memory to memory: sent, adopted (by their new owner) or discarded (by the target; they are loaded)");
        _handoffPause = _meter.CreateHistogram(
            "akkascale.handoff.pause", "s", "From the stop of intake to the publishing of the new owner",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
        _appendedEvents = _meter.CreateCounter<long>("akkascale.journal.appended_events", "{event}", "Events, results and snapshots sent to the journal");
        _appendSeconds = _meter.CreateHistogram(
            "akkascale.journal.append.duration", "s", "Round trip of one batch",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });
        _meter.CreateObservableGauge(
            "akkascale.recovery.limit", () => _recoveryLimit?.Invoke() ?? 0, "{load}", "Entities that may be loaded at the same time, as the store's latency allows");
        _meter.CreateObservableGauge("akkascale.recovery.waiting", () => _recoveryWaiting?.Invoke() ?? 0, "{load}", "Entities and shards that wait to be loaded");
        _batchEvents = _meter.CreateHistogram(
            "akkascale.journal.batch.events", "{event}", "Events of one batch",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
    }

    /// <summary>Entities in memory on this node; the region of the running session answers.</summary>
    public void ObserveResidents(Func<long> residents) =>
        _meter.CreateObservableGauge("akkascale.entity.residents", residents, "{entity}", "Entities in memory");

    /// <summary>How many entities may be loaded at the same time now, and how many wait for it.</summary>
    public void ObserveRecovery(Func<int> limit, Func<int> waiting)
    {
        (_recoveryLimit, _recoveryWaiting) = (limit, waiting);
    }

    /// <summary>Commands that wait for a shard without a reachable owner.</summary>
    public void ObserveWaiting(Func<long> waiting) =>
        _meter.CreateObservableGauge("akkascale.router.waiting", waiting, "{ask}", "Asks that wait for an owner");

    /// <summary>The same, for figures over the last seconds.</summary>
    public ShardingCounts Counts { get; } = new();

    /// <summary>How many entities may be loaded at the same time, and how many wait for it; zeros while there is no region.</summary>
    public (int Limit, int Waiting) Recovery => (_recoveryLimit?.Invoke() ?? 0, _recoveryWaiting?.Invoke() ?? 0);

    /// <param name="latency">From the ask to its answer, all attempts and waits included.</param>
    public void Answered(ReplyStatus status, TimeSpan latency)
    {
        _asks.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));
        Counts.Answered(status, latency);
    }

    internal void Retried(Shards.AskOutcomeKind cause) => _retries.Add(1, new KeyValuePair<string, object?>("cause", cause.ToString()));

    internal void Confirmed(Shards.ConfirmationOutcome outcome) => _confirmations.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public void SliceFailed(SliceStatus status)
    {
        _failedSlices.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));
        Counts.SliceFailed();
    }

    public void Recovered(long events)
    {
        _recoveries.Add(1);
        _recoveredEvents.Add(events);
    }

    /// <param name="mode">warm, cold or aborted.</param>
    internal void HandoffEnded(string mode) => _handoffs.Add(1, new KeyValuePair<string, object?>("mode", mode));

    /// <param name="what">sent, adopted or discarded.</param>
    internal void HandoffEntities(string what, long entities) => _handoffEntities.Add(entities, new KeyValuePair<string, object?>("what", what));

    /// <summary>The last of them, one by one.</summary>
    public HandoffPauses Pauses { get; } = new();

    internal void HandoffPaused(TimeSpan pause, int residents)
    {
        _handoffPause.Record(pause.TotalSeconds);
        Pauses.Add(new HandoffPause(residents, pause));
    }

    public void BatchAppended(int events, TimeSpan duration)
    {
        _appendedEvents.Add(events);
        _batchEvents.Record(events);
        _appendSeconds.Record(duration.TotalSeconds);
        Counts.Appended(events, duration);
    }

    public void Dispose() => _meter.Dispose();
}
