namespace AkkaScale.Cluster.Ownership;

/// <summary>
/// What runs shards on this node (the shard region), as ownership sees it. Calls return at once; the host reports through
/// <see cref="IShardHostReports"/>. All calls come from one loop, in order.
/// </summary>
public interface IShardHost
{
    /// <summary>This node owns the shard under this epoch as of a commit that has returned: load, then serve.</summary>
    void Start(ShardEpoch shard);

    /// <summary>Stop intake, finish what was accepted, drop the memory, then report drained.</summary>
    void Drain(ShardEpoch shard);

    /// <summary>Drop the shard's memory now; nothing more is served or written under this epoch. No report follows.</summary>
    void Drop(ShardEpoch shard);
}
