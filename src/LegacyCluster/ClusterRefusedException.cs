namespace AkkaScale.LegacyCluster;

/// <summary>
/// This process must not join: other cluster name, other shard count, newer schema, unsafe store settings and the like.
/// The message says what is wrong and what to change; a node prints it and exits.
/// </summary>
public sealed class ClusterRefusedException(string message, Exception? inner = null) : Exception(message, inner);
