namespace AkkaScale.Cluster.Options;

/// <summary>The configuration or the database does not let this process take part; the message says what to change. Trying again is no use.</summary>
public sealed class ClusterRefusedException(string message, Exception? inner = null) : Exception(message, inner);
