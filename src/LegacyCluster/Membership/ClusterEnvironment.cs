using AkkaScale.LegacyCluster.Ownership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>What outlives one session of a process and is shared by all of its sessions.</summary>
/// <param name="Map">The process's shard map; each session publishes into it in turn.</param>
/// <param name="Random">Seeded by the composition root; used by the session's loop alone.</param>
public sealed record ClusterEnvironment(
    ClusterOptions Options,
    IClusterStore Store,
    ShardMap Map,
    ClusterMetrics Metrics,
    TimeProvider Time,
    Random Random,
    ILoggerFactory Loggers);
