namespace AkkaScale.Cluster.Leases;

/// <summary>The lease is another's, or this process has none any more.</summary>
public sealed class LeaseLostException(string message) : Exception(message);
