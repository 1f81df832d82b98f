using System.Collections.Immutable;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Everything a plan looks at.</summary>
/// <param name="Members">Members that can be reached and are up, in any order.</param>
/// <param name="Placements">One for each shard that has a home, in any order.</param>
internal sealed record AllocationInputs(ImmutableArray<AllocationMember> Members, ImmutableArray<ShardPlacement> Placements)
{
    /// <inheritdoc cref="AllocationOptions.MaxMovingShards"/>
    public int MaxMovingShards { get; init; } = int.MaxValue;

    /// <inheritdoc cref="AllocationOptions.MaxMovingShardsPerNode"/>
    public int MaxMovingShardsPerNode { get; init; } = int.MaxValue;

    /// <summary>Orders that are to be carried out, by shard.</summary>
    public ImmutableSortedDictionary<int, ShardOrder> Orders { get; init; } = ImmutableSortedDictionary<int, ShardOrder>.Empty;

    /// <summary>Orders about nodes, by name: neither kind of node is given shards.</summary>
    public ImmutableSortedDictionary<string, NodeOrder> Closed { get; init; } = ImmutableSortedDictionary<string, NodeOrder>.Empty;

    /// <summary>Shards that were moved by order a short time ago: they stay where they are, as far as the balance is concerned.</summary>
    public ImmutableSortedSet<int> Resting { get; init; } = [];

    /// <summary>What each shard weighs, by its number, see <see cref="Loads.ShardWeight"/>; 0, or none there: not known.</summary>
    public ImmutableArray<int> Weights { get; init; } = [];

    /// <summary>Whether shards that are well where they are move for the balance.</summary>
    public bool Rebalances { get; init; } = true;

    /// <summary>Null: not known.</summary>
    public int? WeightOf(int shard) => shard < Weights.Length && Weights[shard] > 0 ? Weights[shard] : null;
}

/// <summary>A member with a region of its own.</summary>
/// <param name="Address">Identifies it.</param>
/// <param name="NodeName">As operators name it.</param>
internal sealed record AllocationMember(string Address, string NodeName);

/// <summary>Where a shard is.</summary>
/// <param name="Home">Address.</param>
/// <param name="Target">Where it is on its way to; null: it is not.</param>
internal readonly record struct ShardPlacement(int Shard, string Home, string? Target = null);

/// <summary>A shard to hand over, with a reason for an operator.</summary>
/// <param name="From">Address, like <paramref name="To"/>.</param>
internal sealed record AllocationMove(int Shard, string From, string To, string Reason);
