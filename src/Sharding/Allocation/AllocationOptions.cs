namespace AkkaScale.Sharding.Allocation;

/// <summary>Settings of the coordinator's allocation.</summary>
public sealed class AllocationOptions
{
    /// <summary>
    /// Shards that may be on their way from a live owner to another member at a time. Generous, so that a new member has its share within a
    /// few seconds; shards without a living owner never wait for it.
    /// </summary>
    public int MaxMovingShards { get; set; } = 256;
}
