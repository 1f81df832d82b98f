using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>One compare-and-set of a takeover: (ExpectedOwner, ExpectedEpoch) → (claimant, ExpectedEpoch + 1).</summary>
public sealed record ShardClaim(int Shard, Incarnation? ExpectedOwner, long ExpectedEpoch);
