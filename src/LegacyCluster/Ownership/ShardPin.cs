namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>A row of shard_pin: the shard belongs on the node of this name whenever that node is up and not under an order.</summary>
/// <param name="Reason">In the operator's words; may be empty.</param>
/// <param name="ByWhom">Who gave the order, as far as known.</param>
/// <param name="At">Wall clock of the node that took the order, for people only.</param>
public sealed record ShardPin(int Shard, string NodeName, string Reason, string ByWhom, DateTimeOffset At);
