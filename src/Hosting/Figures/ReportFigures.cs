namespace AkkaScale.Hosting.Figures;

// Sections of a node's report, as docs/management-api.md lists them. Times are in seconds; quantiles are null where nothing happened.

/// <param name="AsksPerSecond">Answers given to callers of this process, wherever the entity lives.</param>
/// <param name="FailedPerSecond">Of these, those that no entity gave.</param>
/// <param name="MessagesPerSecond">Delivered to shards on this node, whoever asked.</param>
internal sealed record TrafficFigures(
    double WindowSeconds, double AsksPerSecond, double FailedPerSecond, double MessagesPerSecond, double? P50Seconds, double? P99Seconds);

/// <param name="PerSecond">Batches sent to the store.</param>
/// <param name="FailedPerSecond">Shards' slices of batches that were not confirmed.</param>
internal sealed record AppendFigures(double PerSecond, double EventsPerSecond, double FailedPerSecond, double? P50Seconds, double? P99Seconds);

/// <param name="RouterWaiting">Commands that wait for an owner.</param>
/// <param name="RecoveriesWaiting">Entities and shards that wait to be loaded.</param>
/// <param name="RecoveryLimit">How many may be loaded at once, as the store's latency allows.</param>
internal sealed record PressureFigures(
    int RouterWaiting, int RouterBound, long Residents, int ResidentBound, int RecoveriesWaiting, int RecoveryLimit);

/// <param name="CpuShare">Of all processors that the process may use.</param>
/// <param name="OpenFiles">Null where the system does not say, as is <paramref name="FileLimit"/>.</param>
internal sealed record ProcessFigures(
    long MemoryBytes, long HeapBytes, double CpuShare, double GcPauseShare, int Threads, int? OpenFiles, long? FileLimit);
