using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>A row of shard_decision: a target that was written, and why.</summary>
/// <param name="Nr">Counts the shard's decisions from 1.</param>
/// <param name="Numbers">The figures behind it, as JSON; empty for a decision that needed none.</param>
/// <param name="At">Wall clock of the coordinator, for people only.</param>
public sealed record ShardDecision(
    int Shard, long Nr, Incarnation Target, string Reason, Incarnation DecidedBy, long Term, string Numbers, DateTimeOffset At);
