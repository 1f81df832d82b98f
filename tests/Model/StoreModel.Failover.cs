using System.Globalization;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Losing the end of all that was committed, as when an asynchronous replica becomes the primary.</summary>
internal sealed partial class StoreModel
{
    // Each committed transaction, to be done again on empty tables.
    private readonly List<Action<StoreTables>> _log = [];
    private uint _timeline = 1;
    private int _raisedAt;

    /// <summary>Keeps a log of every transaction.</summary>
    public bool CanLoseTail { get; init; }

    public int Generation => (int)_tables.Identity.Generation;

    /// <summary>How many transactions a failover can lose: those since the last one.</summary>
    public int Transactions => _log.Count - _raisedAt;

    /// <summary>
    /// The rows are as they were before the last <paramref name="lostOperations"/> committed transactions, on another timeline. Whoever comes first notices and
    /// raises the generation before anything else happens; as nobody sees the store in between, that is done here.
    /// </summary>
    /// <remarks>A raised generation is never lost: the new primary is taken to have it replicated before it is replaced in its turn.</remarks>
    /// <returns>The lost events, by shard and position.</returns>
    public IReadOnlyList<JournalEvent> Promote(int lostOperations)
    {
        if (!CanLoseTail)
        {
            throw new InvalidOperationException($"Set {nameof(CanLoseTail)}: this store kept no log.");
        }

        var lost = Forget(Math.Min(lostOperations, Transactions));
        var identity = string.Create(CultureInfo.InvariantCulture, $"model/{++_timeline:X8}");
        _tables.RaiseGeneration(identity);
        Log(tables => tables.RaiseGeneration(identity));
        _raisedAt = _log.Count;
        return lost;
    }

    private List<JournalEvent> Forget(int operations)
    {
        var lost = new List<JournalEvent>();
        if (operations <= 0)
        {
            return lost;
        }

        var before = _tables;
        _log.RemoveRange(_log.Count - operations, operations);
        _tables = new StoreTables(shardCount, checksMemberOnAcquire);
        foreach (var transaction in _log)
        {
            transaction(_tables);
        }

        for (var shard = 0; shard < shardCount; shard++)
        {
            var (had, has) = (before.Journal.OfShard(shard), _tables.Journal.OfShard(shard));
            for (var index = has.Count; index < had.Count; index++)
            {
                lost.Add(had[index]);
            }
        }

        return lost;
    }

    private void Log(Action<StoreTables> transaction)
    {
        if (CanLoseTail)
        {
            _log.Add(transaction);
        }
    }
}
