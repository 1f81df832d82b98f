using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>What the orders to move ask for at one reading.</summary>
/// <param name="Wanted">By shard: to be carried out, or under way.</param>
/// <param name="Resting">Are where they were ordered to, and are left alone for a time.</param>
/// <param name="Ended">By shard: orders that are over, each with a word for the shard's decisions.</param>
internal sealed record MoveReview(
    ImmutableSortedDictionary<int, OrderedMove> Wanted,
    ImmutableSortedSet<int> Resting,
    ImmutableSortedDictionary<int, (ShardMove Move, string Word)> Ended)
{
    public static MoveReview Nothing { get; } = new(
        ImmutableSortedDictionary<int, OrderedMove>.Empty, [], ImmutableSortedDictionary<int, (ShardMove Move, string Word)>.Empty);
}
