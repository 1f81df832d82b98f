namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>What a shard host tells the ownership loop; thread-safe, returns at once.</summary>
public interface IShardHostReports
{
    /// <summary>Everything accepted under this epoch is durable or refused, and the memory is gone: the shard may be released.</summary>
    void Drained(ShardEpoch shard);

    /// <summary>
    /// Intake has stopped and everything accepted under this epoch is durable or refused; the target has what could be sent. The shard
    /// may be given away by compare-and-set.
    /// </summary>
    void ReadyToGive(ShardEpoch shard, string handoffId);

    /// <summary>
    /// The shard stopped itself: its fence was lost or the outcome of an append is unknown. If this node still owns it, it must be
    /// re-acquired by compare-and-set (owner, epoch) → (owner, epoch + 1) before it is started again.
    /// </summary>
    void Stopped(ShardEpoch shard, string reason);
}
