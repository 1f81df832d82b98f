using System.Collections.Immutable;
using AkkaScale.Cluster.Membership;

namespace AkkaScale.Cluster.Ownership;

/// <summary>Everything cluster-wide, as one poll of the store saw it. Owners and targets are ordered by shard.</summary>
public sealed record ClusterReading(
    ClusterIdentity Identity,
    CoordinatorTerm Coordinator,
    ImmutableArray<MemberSnapshot> Members,
    ImmutableArray<ShardOwner> Owners,
    ImmutableArray<ShardTarget> Targets);
