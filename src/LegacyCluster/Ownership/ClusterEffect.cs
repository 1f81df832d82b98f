using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>What a member's machines want done, in this order. Store operations are answered by an input of the same generation.</summary>
public abstract record ClusterEffect
{
    private ClusterEffect()
    {
    }

    public sealed record ChangeStatus(long Generation, StatusChange Change) : ClusterEffect;

    /// <summary>To be written into the own row: up members this one cannot reach.</summary>
    public sealed record PublishUnreachable(long Generation, ImmutableArray<Incarnation> Peers) : ClusterEffect;

    /// <summary>Joining goes on: there is no connection with these nodes, which are up.</summary>
    public sealed record AwaitPeers(ImmutableArray<string> Nodes, TimeSpan Since) : ClusterEffect;

    /// <summary>Somebody wrote leaving into the own row: the process is to stop in order.</summary>
    public sealed record LeaveOrdered(string Reason) : ClusterEffect;

    public sealed record ClaimCoordinator(long Generation, CoordinatorTerm Expected) : ClusterEffect;

    public sealed record WriteTargets(long Generation, CoordinatorTerm Term, ImmutableArray<ShardTarget> Targets) : ClusterEffect;

    /// <summary>To be sent after <paramref name="Delay"/>, which spreads the members' takeovers.</summary>
    public sealed record Acquire(long Generation, ImmutableArray<ShardClaim> Claims, string AcquiredBy, TimeSpan Delay) : ClusterEffect;

    /// <summary>To be sent after <paramref name="Delay"/>: zero, but after an unknown outcome.</summary>
    public sealed record Release(long Generation, ImmutableArray<ShardEpoch> Shards, TimeSpan Delay) : ClusterEffect;

    /// <summary>Gives shards to their targets. To be sent after <paramref name="Delay"/>: zero, but after an unknown outcome.</summary>
    public sealed record HandOverShards(long Generation, ImmutableArray<HandOver> Shards, TimeSpan Delay) : ClusterEffect;

    /// <param name="AcquiredBy">How the epoch was reached, as the owner row says.</param>
    public sealed record StartShard(ShardEpoch Shard, string AcquiredBy) : ClusterEffect;

    /// <inheritdoc cref="IShardHost.HandOff"/>
    public sealed record HandOffShard(ShardEpoch Shard, Incarnation Target, string HandoffId) : ClusterEffect;

    /// <inheritdoc cref="IShardHost.AbortHandOff"/>
    public sealed record AbortHandOff(ShardEpoch Shard, string HandoffId) : ClusterEffect;

    /// <inheritdoc cref="IShardHost.GiveAway"/>
    public sealed record GiveAwayShard(ShardEpoch Shard, string HandoffId) : ClusterEffect;

    /// <inheritdoc cref="IShardHost.HandOffEnded"/>
    public sealed record HandOffEnded(ShardEpoch Shard, string HandoffId, bool IsGiven) : ClusterEffect;

    public sealed record DrainShard(ShardEpoch Shard) : ClusterEffect;

    public sealed record DropShard(ShardEpoch Shard) : ClusterEffect;

    /// <summary>A fact for the map, known before the next poll.</summary>
    public sealed record PublishOwner(ShardOwner Owner) : ClusterEffect;

    /// <summary>A change was committed: tell the peers.</summary>
    public sealed record Hint : ClusterEffect;

    /// <summary>Poll at once: what is known is not enough to go on.</summary>
    public sealed record Poll : ClusterEffect;

    /// <summary>Nothing may be served from now on, whatever the lease's time says.</summary>
    public sealed record RevokeLease(string Reason) : ClusterEffect;

    public sealed record EndSession(SessionEnd End) : ClusterEffect;
}
