using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>The parameters of one append, column by column. The lists are kept from one append to the next.</summary>
internal sealed class AppendBatch
{
    private readonly Guid _owner;
    private readonly int _eventParameters;
    private readonly ColumnSet _columns = new();
    private readonly HashSet<EntityKey> _entities = [];
    private readonly Dictionary<EntityKey, EntitySnapshot> _snapshots = [];

    private readonly List<int> _sliceShard;
    private readonly List<long> _sliceEpoch;
    private readonly List<long> _sliceFirst;

    private readonly List<int> _headShard;
    private readonly List<string> _headKind;
    private readonly List<string> _headId;
    private readonly List<long> _headSequenceNr;

    private readonly List<int> _eventShard;
    private readonly List<long> _eventPosition;
    private readonly List<long> _eventEpoch;
    private readonly List<string> _eventKind;
    private readonly List<string> _eventId;
    private readonly List<long> _eventSequenceNr;
    private readonly List<string> _eventType;
    private readonly List<Guid> _eventCommand;
    private readonly List<DateTime> _eventAt;
    private readonly List<byte[]?> _eventHash;
    private readonly List<ReadOnlyMemory<byte>?> _eventAnswer;
    private readonly List<ReadOnlyMemory<byte>> _eventPayload;

    private readonly List<int> _resultShard;
    private readonly List<string> _resultKind;
    private readonly List<string> _resultId;
    private readonly List<Guid> _resultCommand;
    private readonly List<long> _resultSequenceNr;
    private readonly List<byte[]?> _resultHash;
    private readonly List<ReadOnlyMemory<byte>> _resultAnswer;
    private readonly List<DateTime> _resultAt;

    private readonly List<int> _snapshotShard;
    private readonly List<string> _snapshotKind;
    private readonly List<string> _snapshotId;
    private readonly List<long> _snapshotSequenceNr;
    private readonly List<long> _snapshotPosition;
    private readonly List<int> _snapshotStateVersion;
    private readonly List<ReadOnlyMemory<byte>> _snapshotPayload;
    private readonly List<DateTime> _snapshotAt;

    // The columns are made in the order of the statement's parameters.
    public AppendBatch(Guid owner)
    {
        _owner = owner;
        (_sliceShard, _sliceEpoch, _sliceFirst) = (Column<int>(), Column<long>(), Column<long>());
        (_headShard, _headKind, _headId, _headSequenceNr) = (Column<int>(), Column<string>(), Column<string>(), Column<long>());
        (_eventShard, _eventPosition, _eventEpoch) = (Column<int>(), Column<long>(), Column<long>());
        (_eventKind, _eventId, _eventSequenceNr, _eventType) = (Column<string>(), Column<string>(), Column<long>(), Column<string>());
        (_eventCommand, _eventAt) = (Column<Guid>(), Column<DateTime>());
        (_eventHash, _eventAnswer, _eventPayload) = (Column<byte[]?>(), Column<ReadOnlyMemory<byte>?>(), Column<ReadOnlyMemory<byte>>());
        _eventParameters = _columns.Count;
        (_resultShard, _resultKind, _resultId, _resultCommand) = (Column<int>(), Column<string>(), Column<string>(), Column<Guid>());
        (_resultSequenceNr, _resultHash, _resultAnswer, _resultAt) = (Column<long>(), Column<byte[]?>(), Column<ReadOnlyMemory<byte>>(), Column<DateTime>());
        (_snapshotShard, _snapshotKind, _snapshotId) = (Column<int>(), Column<string>(), Column<string>());
        (_snapshotSequenceNr, _snapshotPosition, _snapshotStateVersion) = (Column<long>(), Column<long>(), Column<int>());
        (_snapshotPayload, _snapshotAt) = (Column<ReadOnlyMemory<byte>>(), Column<DateTime>());
    }

    /// <summary>The shortest statement that takes all that is in the batch.</summary>
    public AppendForm Form => _resultShard.Count > 0 || _snapshotShard.Count > 0 ? AppendForm.Whole : AppendForm.Events;

    /// <summary>Parameters of a command for a statement, bound to this batch for good.</summary>
    public void Bind(NpgsqlCommand command, AppendForm form)
    {
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = _owner });
        _columns.Bind(command, form == AppendForm.Events ? _eventParameters : _columns.Count);
    }

    public void Clear() => _columns.Clear();

    public void Add(ShardSlice slice)
    {
        _sliceShard.Add(slice.Shard);
        _sliceEpoch.Add(slice.Epoch);
        _sliceFirst.Add(slice.Events.Count == 0 ? 0 : slice.Events[0].Position);
        _entities.Clear();
        foreach (var happened in slice.Events)
        {
            AddEvent(happened);
        }

        foreach (var result in slice.Results)
        {
            AddResult(slice.Shard, result);
        }

        AddSnapshots(slice);
    }

    private void AddEvent(JournalEvent happened)
    {
        if (_entities.Add(happened.Entity) && happened.SequenceNr > 1)
        {
            AddHead(happened.Shard, happened.Entity, happened.SequenceNr - 1);
        }

        _eventShard.Add(happened.Shard);
        _eventPosition.Add(happened.Position);
        _eventEpoch.Add(happened.Epoch);
        _eventKind.Add(happened.Entity.Kind);
        _eventId.Add(happened.Entity.Id);
        _eventSequenceNr.Add(happened.SequenceNr);
        _eventType.Add(happened.EventType);
        _eventCommand.Add(happened.CommandId);
        _eventAt.Add(happened.At.UtcDateTime);
        _eventHash.Add(happened.CommandHash.IsEmpty ? null : happened.CommandHash.ToArray());

        // A bare null would become an empty memory, and that an answer.
        _eventAnswer.Add(happened.Answer.IsEmpty ? (ReadOnlyMemory<byte>?)null : happened.Answer);
        _eventPayload.Add(happened.Payload);
    }

    private void AddResult(int shard, StoredResult result)
    {
        _resultShard.Add(shard);
        _resultKind.Add(result.Entity.Kind);
        _resultId.Add(result.Entity.Id);
        _resultCommand.Add(result.CommandId);
        _resultSequenceNr.Add(result.SequenceNr);
        _resultHash.Add(result.Hash.IsEmpty ? null : result.Hash.ToArray());
        _resultAnswer.Add(result.Answer);
        _resultAt.Add(result.At.UtcDateTime);
    }

    // One statement may not write a row twice: of several snapshots of an entity the latest is sent.
    private void AddSnapshots(ShardSlice slice)
    {
        _snapshots.Clear();
        foreach (var snapshot in slice.Snapshots)
        {
            if (!_snapshots.TryGetValue(snapshot.Entity, out var other) || other.SequenceNr < snapshot.SequenceNr)
            {
                _snapshots[snapshot.Entity] = snapshot;
            }
        }

        foreach (var snapshot in _snapshots.Values)
        {
            // The events of this slice vouch for their own entities.
            if (!_entities.Contains(snapshot.Entity))
            {
                AddHead(slice.Shard, snapshot.Entity, snapshot.SequenceNr);
            }

            _snapshotShard.Add(slice.Shard);
            _snapshotKind.Add(snapshot.Entity.Kind);
            _snapshotId.Add(snapshot.Entity.Id);
            _snapshotSequenceNr.Add(snapshot.SequenceNr);
            _snapshotPosition.Add(snapshot.Position);
            _snapshotStateVersion.Add(snapshot.StateVersion);
            _snapshotPayload.Add(snapshot.Payload);
            _snapshotAt.Add(snapshot.At.UtcDateTime);
        }
    }

    private void AddHead(int shard, EntityKey entity, long sequenceNr)
    {
        _headShard.Add(shard);
        _headKind.Add(entity.Kind);
        _headId.Add(entity.Id);
        _headSequenceNr.Add(sequenceNr);
    }

    private List<T> Column<T>() => _columns.Add<T>();
}
