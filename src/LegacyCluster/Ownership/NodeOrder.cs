namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>A row of node_order: what an operator wants of a node. By name, so that it holds over restarts of the node.</summary>
/// <param name="Reason">In the operator's words; may be empty.</param>
/// <param name="ByWhom">Who gave the order, as far as known.</param>
/// <param name="At">Wall clock of the node that took the order, for people only.</param>
public sealed record NodeOrder(string NodeName, NodeOrderKind Kind, string Reason, string ByWhom, DateTimeOffset At);
