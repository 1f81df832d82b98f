using AkkaScale.Entities;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>What outlives the sessions of a process.</summary>
/// <param name="Template">The member row of this process but for incarnation and time.</param>
internal sealed record EngineParts(
    AkkaScaleOptions Options,
    MemberSnapshot Template,
    EntityKindRegistry Kinds,
    ShardMap Map,
    EntityRouter Router,
    ClusterConnectionHandler Listener,
    ClusterMetrics ClusterMetrics,
    ShardingMetrics ShardingMetrics,
    Func<Incarnation, NodeStore> OpenStore,
    TimeProvider Time,
    Func<Guid> NewId,
    Func<Random> NewRandom,
    IReadOnlyList<INodeTopic> Topics,
    ILoggerFactory Loggers);
