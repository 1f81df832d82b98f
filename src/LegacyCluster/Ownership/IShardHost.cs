using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// What runs shards on this node (the shard region), as ownership sees it. Calls return at once; the host reports through
/// <see cref="IShardHostReports"/>. All calls come from one loop, in order.
/// </summary>
public interface IShardHost
{
    /// <summary>This node owns the shard under this epoch as of a commit that has returned: load, or take what was handed off, then serve.</summary>
    /// <param name="acquiredBy">How the epoch was reached, as the owner row says.</param>
    void Start(ShardEpoch shard, string acquiredBy);

    /// <summary>Stop intake, finish what was accepted, drop the memory, then report drained.</summary>
    void Drain(ShardEpoch shard);

    /// <summary>
    /// Prepare the target while serving, then stop intake, finish what was accepted, and report ready to give. The memory stays until
    /// <see cref="GiveAway"/> or <see cref="AbortHandOff"/>. A target that cannot be prepared is no obstacle: it loads.
    /// </summary>
    void HandOff(ShardEpoch shard, Incarnation target, string handoffId);

    /// <summary>The shard stays: serve on from memory under the same epoch; the target may forget what it was sent.</summary>
    void AbortHandOff(ShardEpoch shard, string handoffId);

    /// <summary>
    /// The compare-and-set that gives the shard away is about to be sent: drop the memory; nothing more is served or written under this
    /// epoch, whatever becomes of it.
    /// </summary>
    void GiveAway(ShardEpoch shard, string handoffId);

    /// <summary>The outcome is known: the target owns the shard, or it never will by this handoff.</summary>
    void HandOffEnded(ShardEpoch shard, string handoffId, bool isGiven);

    /// <summary>Drop the shard's memory now; nothing more is served or written under this epoch. No report follows.</summary>
    void Drop(ShardEpoch shard);
}
