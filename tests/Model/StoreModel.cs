using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using static AkkaScale.Tests.Model.StoreModelException;

namespace AkkaScale.Tests.Model;

/// <summary>
/// The store as rows in memory, every operation one atomic step: what the two stores promise and no more. Checks on its own what must always hold of the
/// rows: (shard, epoch) has one owner ever, epochs grow, positions and sequence numbers have no gaps, a command takes effect at most once and never after
/// a stored refusal. Not thread-safe.
/// </summary>
/// <param name="checksMemberOnAcquire">
/// Whether ownership changes also look at the members' statuses, as where both share a database; else the
/// weakest store there may be.
/// </param>
internal sealed partial class StoreModel(int shardCount, bool checksMemberOnAcquire)
{
    private StoreTables _tables = new(shardCount, checksMemberOnAcquire);

    /// <summary>The store's own wall clock.</summary>
    public Func<DateTimeOffset> Now { get; set; } = static () => DateTimeOffset.UnixEpoch;

    public int ShardCount => shardCount;

    /// <summary>The same object until a row changes.</summary>
    public ClusterReading Read() => _tables.Read();

    private WriteOutcome Write(Func<StoreTables, WriteOutcome> transaction)
    {
        var outcome = transaction(_tables);
        if (outcome == WriteOutcome.Applied && CanLoseTail)
        {
            _log.Add(tables => transaction(tables));
        }

        return outcome;
    }
}
