using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Everything an allocation may look at.</summary>
/// <param name="Members">Members that are up and host shards, in any order.</param>
/// <param name="Placements">One for each shard, in order of shard.</param>
/// <param name="MaxMovingShards">See <see cref="AllocationOptions.MaxMovingShards"/>.</param>
public sealed record AllocationInputs(
    ImmutableArray<AllocationMember> Members, ImmutableArray<ShardPlacement> Placements, int MaxMovingShards)
{
    /// <inheritdoc cref="AllocationOptions.MaxMovingShardsPerNode"/>
    public int MaxMovingShardsPerNode { get; init; } = int.MaxValue;

    /// <summary>One for each shard, in order of shard; empty while nobody has reported any, and then shards count alike.</summary>
    public ImmutableArray<ShardLoad> Loads { get; init; } = [];

    /// <summary>The node's name by shard.</summary>
    public ImmutableSortedDictionary<int, string> Pins { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>Orders to move that are to be carried out or under way, by shard. A pin in force goes before.</summary>
    public ImmutableSortedDictionary<int, OrderedMove> Moves { get; init; } = ImmutableSortedDictionary<int, OrderedMove>.Empty;

    /// <summary>Shards that were moved by order a short time ago: they stay where they are, as far as the balance is concerned.</summary>
    public ImmutableSortedSet<int> Resting { get; init; } = [];

    /// <summary>Whether shards that are well where they are move for the balance.</summary>
    public bool Rebalances { get; init; } = true;

    /// <summary>The loads are not known well yet: only what is far out of balance should move.</summary>
    public bool IsNewCoordinator { get; init; }
}

/// <summary>A member that is up and hosts shards.</summary>
/// <param name="IsCordoned">It keeps what it has and gets nothing more.</param>
/// <param name="IsDraining">It gives everything away and gets nothing.</param>
public sealed record AllocationMember(Incarnation Incarnation, string NodeName, bool IsCordoned = false, bool IsDraining = false)
{
    /// <summary>Whether it may be given shards.</summary>
    public bool IsOpen => !IsCordoned && !IsDraining;
}

/// <summary>Where a shard is and where it should be; null: nowhere yet.</summary>
public readonly record struct ShardPlacement(int Shard, Incarnation? Owner, Incarnation? Target)
{
    public long Epoch { get; init; }

    /// <summary>On its way from a living owner to another member.</summary>
    public bool IsMoving => Owner is { } owner && Target is { } target && owner != target;
}

/// <summary>What a shard costs its owner.</summary>
/// <param name="Rate">Messages per second, smoothed.</param>
/// <param name="Residents">Entities in memory.</param>
public readonly record struct ShardLoad(double Rate, double Residents);

/// <summary>A new target, with a reason for an operator.</summary>
/// <param name="Numbers">The figures behind it, as JSON.</param>
public sealed record AllocationMove(int Shard, Incarnation To, string Reason, string Numbers = "");
