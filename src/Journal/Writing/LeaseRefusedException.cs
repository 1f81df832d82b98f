namespace AkkaScale.Journal.Writing;

/// <summary>Nothing was written: the lease of the entity's shard is not held by this process by the epoch of the write.</summary>
public sealed class LeaseRefusedException(string message) : Exception(message);
