using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>Everything cluster-wide, as one poll of the store saw it. Owners, targets, pins and moves are ordered by shard, orders by node name.</summary>
public sealed record ClusterReading(
    ClusterIdentity Identity,
    CoordinatorTerm Coordinator,
    ImmutableArray<MemberSnapshot> Members,
    ImmutableArray<ShardOwner> Owners,
    ImmutableArray<ShardTarget> Targets)
{
    public ImmutableArray<NodeOrder> Orders { get; init; } = [];

    public ImmutableArray<ShardPin> Pins { get; init; } = [];

    public ImmutableArray<ShardMove> Moves { get; init; } = [];
}
