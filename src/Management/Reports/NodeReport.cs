namespace AkkaScale.Management.Reports;

/// <summary>What a node says of itself.</summary>
/// <param name="Residents">Entities in memory.</param>
/// <param name="Serving">Its own deadline has not passed: it may answer.</param>
/// <param name="TimeToLiveSeconds">After which it counts as dead without a sign of life.</param>
internal sealed record NodeReport(
    DateTimeOffset At, double UptimeSeconds, int ProcessId, string Version, IReadOnlyList<string> Roles, long Residents, bool Serving,
    double TimeToLiveSeconds)
{
    public required TrafficReport Traffic { get; init; }

    public required AppendReport Appends { get; init; }

    public required PressureReport Pressure { get; init; }

    public required ProcessReport Process { get; init; }

    public required ClockReport Clock { get; init; }

    public required RemotingReport Remoting { get; init; }

    /// <summary>Null: the store did not answer in time.</summary>
    public StoreReport? Store { get; init; }

    /// <summary>By key as in configuration, without section AkkaScale; no secrets.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}

/// <summary>Of the last seconds.</summary>
/// <param name="AsksPerSecond">Answers given to callers of this process.</param>
/// <param name="MessagesPerSecond">Commands and reads that entities here were given.</param>
/// <param name="P50Seconds">Of asks; null: there was none.</param>
internal sealed record TrafficReport(
    double WindowSeconds, double AsksPerSecond, double FailedPerSecond, double MessagesPerSecond, double? P50Seconds, double? P99Seconds);

/// <param name="PerSecond">Batches.</param>
internal sealed record AppendReport(double PerSecond, double EventsPerSecond, double FailedPerSecond, double? P50Seconds, double? P99Seconds);

/// <param name="Asks">Commands and reads of this process under way.</param>
/// <param name="Writes">That wait for the database.</param>
internal sealed record PressureReport(long Asks, long AskBound, long Residents, long ResidentBound, long Writes, long WriteBound);

/// <param name="CpuShare">Of one core: 2 means two cores busy.</param>
/// <param name="GcPauseShare">Part of the time, 0 to 1.</param>
/// <param name="MemoryLimit">Of the process or its container.</param>
/// <param name="OpenFiles">Null where the system does not tell.</param>
internal sealed record ProcessReport(
    long MemoryBytes, long MemoryLimit, long HeapBytes, double CpuShare, double GcPauseShare, int Threads, int? OpenFiles, long? FileLimit);

/// <param name="Steps">Jumps of the wall clock against the monotonic one since the start.</param>
internal sealed record ClockReport(DateTimeOffset Utc, int Steps);

/// <param name="BoundTo">The address on which remoting listens.</param>
/// <param name="CertificateEnds">Null: in plain text.</param>
internal sealed record RemotingReport(string BoundTo, bool IsLoopback, bool IsEncrypted, DateTimeOffset? CertificateEnds = null);

/// <param name="Kind">sqlite or postgres.</param>
/// <param name="Facts">What the store says of itself, by name.</param>
internal sealed record StoreReport(string Kind, IReadOnlyDictionary<string, string> Facts);
