using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>Which generations stood when a reading was asked for; what ended later is not in it.</summary>
public readonly record struct PollTicket(long Ownership, long Coordinator);

/// <summary>What happens to a member's machines. Every answer carries the generation it was asked in.</summary>
public abstract record ClusterInput
{
    private ClusterInput()
    {
    }

    /// <summary>The store was read. <paramref name="Lease"/> is the own lease at this moment.</summary>
    public sealed record Polled(ClusterReading Reading, PollTicket Ticket, LeaseTimes Lease) : ClusterInput;

    /// <summary>The live members with which no authenticated connection stands in both directions; told before each reading.</summary>
    public sealed record PeersUnreachable(ImmutableHashSet<Incarnation> Peers) : ClusterInput;

    public sealed record UnreachablePublished(long Generation, WriteOutcome Outcome) : ClusterInput;

    /// <summary>A renewal was refused: this incarnation is over.</summary>
    public sealed record LeaseLost : ClusterInput;

    /// <summary>The operator wants this member to leave in order.</summary>
    public sealed record LeaveRequested : ClusterInput;

    /// <summary>Nothing holds a leaving member back any more: once it owns nothing it may be removed.</summary>
    public sealed record FarewellAllowed : ClusterInput;

    /// <summary>This member owns nothing and has nothing under way; told by the ownership machine to the membership machine.</summary>
    public sealed record OwnsNothing : ClusterInput;

    public sealed record StatusAnswered(long Generation, WriteOutcome Outcome) : ClusterInput;

    /// <summary>Answer to a claim of the term or to a write of targets.</summary>
    public sealed record CoordinatorAnswered(long Generation, WriteOutcome Outcome) : ClusterInput;

    /// <summary>Granted is null when the outcome is unknown.</summary>
    public sealed record AcquireAnswered(long Generation, ImmutableArray<ShardEpoch>? Granted) : ClusterInput;

    /// <summary>Released is null when the outcome is unknown.</summary>
    public sealed record ReleaseAnswered(long Generation, ImmutableArray<ShardEpoch>? Released) : ClusterInput;

    /// <summary>Given is null when the outcome is unknown; else what changed hands, with the targets' epochs.</summary>
    public sealed record HandOverAnswered(long Generation, ImmutableArray<ShardEpoch>? Given) : ClusterInput;

    /// <inheritdoc cref="IShardHostReports.ReadyToGive"/>
    public sealed record ShardReady(ShardEpoch Shard, string HandoffId) : ClusterInput;

    /// <summary>A member tells the coordinator what its shards carried during the interval; of no interest to other members.</summary>
    public sealed record LoadsReported(Incarnation From, TimeSpan Interval, ImmutableArray<ShardTraffic> Shards) : ClusterInput;

    /// <inheritdoc cref="IShardHostReports.Drained"/>
    public sealed record ShardDrained(ShardEpoch Shard) : ClusterInput;

    /// <inheritdoc cref="IShardHostReports.Stopped"/>
    public sealed record ShardStopped(ShardEpoch Shard, string Reason) : ClusterInput;
}
