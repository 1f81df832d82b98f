using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>The fenced append, and what recovery reads.</summary>
internal sealed partial class StoreModel
{
    private static readonly SliceOutcome Written = new(SliceStatus.Written, "");

    private readonly SliceRules _rules = new();

    /// <summary>Each slice is written whole or not at all, whatever becomes of its neighbours.</summary>
    public SliceOutcome[] Append(Incarnation owner, IReadOnlyList<ShardSlice> slices)
    {
        var outcomes = new SliceOutcome[slices.Count];
        List<ShardSlice>? written = null;
        for (var index = 0; index < slices.Count; index++)
        {
            var slice = slices[index];
            outcomes[index] = IsEarlierShard(slices, index)
                ? new SliceOutcome(SliceStatus.Rejected, $"shard {slice.Shard} is in the batch twice")
                : Append(owner, slice);
            if (CanLoseTail && outcomes[index].Status == SliceStatus.Written)
            {
                (written ??= []).Add(Copy(slice));
            }
        }

        if (written is not null)
        {
            Log(tables => written.ForEach(slice => tables.Journal.Write(slice)));
        }

        return outcomes;
    }

    public long ReadHead(int shard) => _tables.Journal.OfShard(shard).Count;

    public long ReadVersion(EntityKey entity) => VersionOf(entity);

    public RememberedResults Recover(EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold) =>
        _tables.Journal.Find(entity)?.Recover(stateVersion, window with { Since = StoredTime.Of(window.Since) }, fold) ?? new RememberedResults([], false);

    /// <summary>In the order of the ids; of one id in the order in which its entities came to be.</summary>
    public IReadOnlyList<StoredResult> FindResults(IReadOnlyList<Guid> commandIds)
    {
        var found = new List<StoredResult>();
        for (var index = 0; index < commandIds.Count; index++)
        {
            if (IsEarlierId(commandIds, index))
            {
                continue;
            }

            foreach (var entity in _tables.Journal.Entities)
            {
                entity.Find(commandIds[index], found);
            }
        }

        return found;
    }

    public IReadOnlyList<JournalEvent> ReadEntity(EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes)
    {
        var read = new List<JournalEvent>();
        var rows = EventsOf(entity);
        for (var index = (int)Math.Min(Math.Max(afterSequenceNr, 0), rows.Count); index < rows.Count && read.Count < limit; index++)
        {
            if (eventTypes is null || eventTypes.Contains(rows[index].EventType))
            {
                read.Add(rows[index]);
            }
        }

        return read;
    }

    public IReadOnlyList<JournalEvent> ReadShard(int shard, long afterPosition, int limit)
    {
        var rows = _tables.Journal.OfShard(shard);
        var from = (int)Math.Min(Math.Max(afterPosition, 0), rows.Count);
        return rows.GetRange(from, Math.Min(limit, rows.Count - from));
    }

    public int PruneResults(DateTimeOffset before)
    {
        before = StoredTime.Of(before);
        var pruned = 0;
        Write(tables => (pruned = tables.Journal.Prune(before)) > 0 ? WriteOutcome.Applied : WriteOutcome.Refused);
        return pruned;
    }

    private SliceOutcome Append(Incarnation owner, ShardSlice slice)
    {
        if (_rules.Find(slice) is { } wrong)
        {
            return new SliceOutcome(wrong, $"shard {slice.Shard}: the slice is wrong in itself");
        }

        if (!_tables.Ownership.IsOwned(slice.Shard, owner, slice.Epoch))
        {
            return new SliceOutcome(SliceStatus.Fenced, $"shard {slice.Shard} is not owned by {owner} at epoch {slice.Epoch}");
        }

        if (_tables.Journal.Refusal(slice) is { } refused)
        {
            return new SliceOutcome(refused, refused == SliceStatus.HeadMismatch
                ? $"shard {slice.Shard}: the journal does not end where the slice begins"
                : $"shard {slice.Shard}: a result of the slice is there already");
        }

        _tables.Journal.Write(slice);
        return Written;
    }

    // Whoever appends may use his lists again.
    private static ShardSlice Copy(ShardSlice slice) => new(slice.Shard, slice.Epoch, Copy(slice.Events), Copy(slice.Results), Copy(slice.Snapshots));

    private static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var copies = new T[rows.Count];
        for (var index = 0; index < copies.Length; index++)
        {
            copies[index] = rows[index];
        }

        return copies;
    }

    private static bool IsEarlierShard(IReadOnlyList<ShardSlice> slices, int index)
    {
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (slices[earlier].Shard == slices[index].Shard)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEarlierId(IReadOnlyList<Guid> commandIds, int index)
    {
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (commandIds[earlier] == commandIds[index])
            {
                return true;
            }
        }

        return false;
    }
}
