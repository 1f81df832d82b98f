using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>A row of shard_owner. Owner null: released, or never owned (epoch 0).</summary>
/// <param name="Shard">0 to shard count − 1.</param>
/// <param name="Epoch">Only grows; an (shard, epoch) pair has one owner, ever.</param>
/// <param name="AcquiredBy">How the present epoch was reached: first, takeover, handoff, reload, …</param>
public sealed record ShardOwner(int Shard, Incarnation? Owner, long Epoch, string AcquiredBy)
{
    /// <summary>
    /// <see cref="AcquiredBy"/> of a shard whose owner went with a tail that the database lost. Nobody knows any more who that was, so nobody can be
    /// seen to be dead: takeover waits until every lease of before has certainly run out.
    /// </summary>
    public const string ByGeneration = "generation";
}
