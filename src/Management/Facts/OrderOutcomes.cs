using AkkaScale.Cluster.Orders;

namespace AkkaScale.Management.Facts;

/// <param name="Status">What the member was set to.</param>
/// <param name="Message">What happens next, in words.</param>
/// <param name="TakeoverWithin">
/// At the latest then its shards may be taken over, also if its process says nothing; null: it hands them over.
/// </param>
internal sealed record MemberOrderOutcome(
    string MemberId, string Address, string Name, string Status, string Message, TimeSpan? TakeoverWithin);

/// <param name="Message">What happens next, in words.</param>
internal sealed record JoinOutcome(string Message, string Address, string Name);

/// <param name="Node">Name of the node to move to; null or empty is refused.</param>
/// <param name="ExpectedEpoch">Null: whichever it is at.</param>
internal sealed record MoveOrder(ShardKey Shard, string? Node, string? Reason, string? By, long? ExpectedEpoch);

/// <param name="MaxMoves">At most so many; null: as many as it takes.</param>
internal sealed record RebalanceOrder(int? MaxMoves, string? Reason, string? By);

/// <param name="From">Name of the node; null: nobody, or not known.</param>
/// <param name="Epoch">At which the order holds for the shard.</param>
/// <param name="IsThere">Nothing had to be ordered.</param>
internal sealed record MoveOutcome(ShardKey Shard, string? From, string To, long Epoch, bool IsThere);

/// <param name="Owner">Name of the node; null: nobody, or not known.</param>
/// <param name="PinnedTo">Name of the node where it is to be at home; null: anywhere.</param>
/// <param name="IsChanged">False: it was so before.</param>
internal sealed record PinOutcome(ShardKey Shard, string? Owner, string? PinnedTo, long Epoch, bool IsChanged);

/// <param name="Kind">Null: the node is to take shards as others do.</param>
internal sealed record NodeWish(string Node, NodeOrderKind? Kind, string? Reason, string? By);

/// <param name="Kind">Null: it takes shards.</param>
/// <param name="Shards">That live members of this name own.</param>
/// <param name="Message">What happens next, in words.</param>
internal sealed record NodeOrderOutcome(string Node, NodeOrderKind? Kind, int Shards, string Message);

/// <param name="Owner">Name of the node; null: nobody, or not known.</param>
/// <param name="IsPassivated">False: it was not in memory.</param>
internal sealed record PassivationOutcome(string Kind, string Id, ShardKey Shard, string? Owner, bool IsPassivated);
