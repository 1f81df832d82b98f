namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// A row of shard_move: an operator wants the shard on the node of this name, once. It binds nobody afterwards. The coordinator takes the row out when
/// the shard has been there for a time, or when the order cannot be carried out, and says so in the shard's decisions.
/// </summary>
/// <param name="ExpectedEpoch">The order holds for the shard at this epoch: what moved or was taken over meanwhile is not moved again by it.</param>
/// <param name="Reason">In the operator's words; may be empty.</param>
/// <param name="ByWhom">Who gave the order, as far as known.</param>
/// <param name="At">Wall clock of the node that took the order, for people only.</param>
public sealed record ShardMove(int Shard, string NodeName, long ExpectedEpoch, string Reason, string ByWhom, DateTimeOffset At)
{
    /// <summary>The same order, perhaps given twice: what the coordinator takes out of the store by.</summary>
    public bool IsSameOrderAs(ShardMove other) =>
        Shard == other.Shard && ExpectedEpoch == other.ExpectedEpoch && string.Equals(NodeName, other.NodeName, StringComparison.Ordinal);
}
