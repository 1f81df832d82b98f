using System.Collections.Immutable;
using AkkaScale.Cluster.Membership;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Everything an allocation may look at. Loads and pins will stand here too.</summary>
/// <param name="Members">Members that may hold shards, in any order.</param>
/// <param name="Placements">One for each shard, in order of shard.</param>
/// <param name="MaxMovingShards">See <see cref="AllocationOptions.MaxMovingShards"/>.</param>
public sealed record AllocationInputs(
    ImmutableArray<AllocationMember> Members, ImmutableArray<ShardPlacement> Placements, int MaxMovingShards);

/// <summary>A member that is up and hosts shards.</summary>
/// <param name="IsCordoned">It keeps what it has and gets nothing more.</param>
public sealed record AllocationMember(Incarnation Incarnation, string NodeName, bool IsCordoned = false);

/// <summary>Where a shard is and where it should be; null: nowhere yet.</summary>
public readonly record struct ShardPlacement(int Shard, Incarnation? Owner, Incarnation? Target);

/// <summary>A new target, with a reason for an operator.</summary>
public sealed record AllocationMove(int Shard, Incarnation To, string Reason);
