namespace AkkaScale.LegacyCluster;

/// <summary>The store gave no answer to a read, or definitely did not take a write: unreachable, full, read-only or starting.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
