using System.Text.Json.Serialization;

namespace AkkaScale.Hosting.Reports;

/// <summary>What a node says of itself. Sections are null where the node's version does not have them.</summary>
/// <param name="Shards">Owned and running here.</param>
/// <param name="Residents">Entities in memory.</param>
internal sealed record NodeReport(
    DateTimeOffset At, double UptimeSeconds, int ProcessId, string Version, IReadOnlyList<string> Roles, int Shards, long Residents, LeaseReport Lease)
{
    public TrafficReport? Traffic { get; init; }

    public AppendReport? Appends { get; init; }

    public PressureReport? Pressure { get; init; }

    public ProcessReport? Process { get; init; }

    public ClockReport? Clock { get; init; }

    public StoreReport? Store { get; init; }

    /// <summary>By key as in configuration, without section AkkaScale; no secrets.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }
}

/// <param name="AgeSeconds">Since the last successful renewal was sent; null: the node may not serve.</param>
internal sealed record LeaseReport(double TtlSeconds, double? AgeSeconds);

/// <summary>Of the last seconds.</summary>
/// <param name="AsksPerSecond">Answers that this process' router gave.</param>
/// <param name="MessagesPerSecond">Delivered to shards here.</param>
/// <param name="P50Seconds">Of asks; null: there was none.</param>
internal sealed record TrafficReport(
    double WindowSeconds, double AsksPerSecond, double FailedPerSecond, double MessagesPerSecond, double? P50Seconds, double? P99Seconds);

/// <param name="PerSecond">Batches.</param>
internal sealed record AppendReport(double PerSecond, double EventsPerSecond, double FailedPerSecond, double? P50Seconds, double? P99Seconds);

internal sealed record PressureReport(
    long RouterWaiting, long RouterBound, long Residents, long ResidentBound, long RecoveriesWaiting, long RecoveryLimit);

/// <param name="CpuShare">Of one core: 2 means two cores busy.</param>
/// <param name="GcPauseShare">Part of the time, 0 to 1.</param>
/// <param name="OpenFiles">Null where the system does not tell.</param>
internal sealed record ProcessReport(
    long MemoryBytes, long HeapBytes, double CpuShare, double GcPauseShare, int Threads, int? OpenFiles, long? FileLimit);

/// <param name="Steps">Jumps of the wall clock against the monotonic one since the start.</param>
internal sealed record ClockReport(DateTimeOffset Utc, int Steps);

/// <param name="Kind">sqlite or postgres.</param>
/// <param name="Facts">What the store says of itself, by name.</param>
internal sealed record StoreReport(string Kind, IReadOnlyDictionary<string, string> Facts);

/// <param name="Answered">False: it did not within a second, or its version makes no reports.</param>
internal sealed record NodeReportAnswer(string Name, string NodeUid, string Status, bool Answered, NodeReport? Report);

internal sealed record NodesAnswer(IReadOnlyList<NodeReportAnswer> Nodes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodeReportJson : JsonSerializerContext;
