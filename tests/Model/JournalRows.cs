using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using static AkkaScale.Tests.Model.StoreModelException;

namespace AkkaScale.Tests.Model;

/// <summary>Tables journal, command_result and snapshot.</summary>
internal sealed class JournalRows
{
    private readonly List<JournalEvent>[] _shards;
    private readonly Dictionary<EntityKey, EntityRows> _entities = [];

    private long _stamp;

    public JournalRows(int shardCount)
    {
        _shards = new List<JournalEvent>[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _shards[shard] = [];
        }
    }

    public IReadOnlyCollection<EntityRows> Entities => _entities.Values;

    public List<JournalEvent> OfShard(int shard) => _shards[shard];

    public EntityRows? Find(EntityKey entity) => _entities.GetValueOrDefault(entity);

    /// <summary>Whether a slice that is right in itself continues what is there; null when it does.</summary>
    public SliceStatus? Refusal(ShardSlice slice)
    {
        if (!Fits(slice))
        {
            return SliceStatus.HeadMismatch;
        }

        for (var index = 0; index < slice.Results.Count; index++)
        {
            var result = slice.Results[index];
            if (Find(result.Entity)?.HasResult(result.CommandId) == true || IsEarlierResult(slice.Results, index))
            {
                return SliceStatus.Rejected;
            }
        }

        return null;
    }

    /// <summary>Writes a slice that was found to fit.</summary>
    public void Write(ShardSlice slice)
    {
        for (var index = 0; index < slice.Events.Count; index++)
        {
            Write(slice.Events[index], slice.Events[0].Position);
        }

        for (var index = 0; index < slice.Results.Count; index++)
        {
            var result = slice.Results[index];
            Of(result.Entity).Add(StoredTime.IsWhole(result.At) ? result : result with { At = StoredTime.Of(result.At) });
        }

        for (var index = 0; index < slice.Snapshots.Count; index++)
        {
            var snapshot = slice.Snapshots[index];
            Of(snapshot.Entity).Set(StoredTime.IsWhole(snapshot.At) ? snapshot : snapshot with { At = StoredTime.Of(snapshot.At) });
        }
    }

    public int Prune(DateTimeOffset before)
    {
        var pruned = 0;
        foreach (var entity in _entities.Values)
        {
            pruned += entity.Prune(before);
        }

        return pruned;
    }

    // Positions and sequence numbers have no gaps, so what continues the head neither leaves one nor meets a row.
    private bool Fits(ShardSlice slice)
    {
        if (slice.Events.Count > 0 && !Continues(slice.Events[0].Position, _shards[slice.Shard].Count))
        {
            return false;
        }

        _stamp++;
        for (var index = 0; index < slice.Events.Count; index++)
        {
            var row = slice.Events[index];
            var entity = Of(row.Entity);
            if (entity.Stamp != _stamp && !Continues(row.SequenceNr, entity.Version))
            {
                return false;
            }

            entity.Stamp = _stamp;
        }

        for (var index = 0; index < slice.Snapshots.Count; index++)
        {
            var snapshot = slice.Snapshots[index];
            var entity = Find(snapshot.Entity);
            if (entity is null || (entity.Stamp != _stamp && snapshot.SequenceNr > entity.Version))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Continues(long number, long head) => number == head + 1;

    private void Write(JournalEvent row, long sliceBegins)
    {
        var rows = _shards[row.Shard];
        Check(row.Position == rows.Count + 1, $"shard {row.Shard}: position {row.Position} after {rows.Count}");
        Check(rows.Count == 0 || rows[^1].Epoch <= row.Epoch, $"shard {row.Shard}: epoch {row.Epoch} at {row.Position} after {rows.Count}");
        var stored = StoredTime.IsWhole(row.At) ? row : row with { At = StoredTime.Of(row.At) };
        Of(row.Entity).Add(stored, sliceBegins);
        rows.Add(stored);
    }

    private EntityRows Of(EntityKey key)
    {
        if (!_entities.TryGetValue(key, out var entity))
        {
            _entities.Add(key, entity = new EntityRows(key));
        }

        return entity;
    }

    private static bool IsEarlierResult(IReadOnlyList<StoredResult> results, int index)
    {
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (results[earlier].CommandId == results[index].CommandId && results[earlier].Entity == results[index].Entity)
            {
                return true;
            }
        }

        return false;
    }
}
