using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>Folds one entity's snapshot and events into its state, on the reading thread.</summary>
internal sealed class EntityFold(EntityKey key, IEntityKind kind) : IRecoveryFold
{
    private object _state = kind.InitialState;
    private long _version;
    private long _snapshotVersion;
    private DateTimeOffset _lastAt = DateTimeOffset.MinValue;

    public long Events { get; private set; }

    /// <exception cref="JsonException">A gap, an unknown event or an unreadable payload.</exception>
    public void Event(JournalEvent journalEvent)
    {
        if (journalEvent.SequenceNr != _version + 1)
        {
            throw new JsonException($"{key} continues at {journalEvent.SequenceNr} after {_version}.");
        }

        _version = journalEvent.SequenceNr;
        _state = kind.Evolve(_state, journalEvent.EventType, journalEvent.Payload, new EventContext(key.Id, _version, journalEvent.At));
        _lastAt = journalEvent.At > _lastAt ? journalEvent.At : _lastAt;
        Events++;
    }

    public void Snapshot(EntitySnapshot snapshot)
    {
        _state = kind.ReadSnapshot(snapshot.Payload);
        _version = snapshot.SequenceNr;
        _snapshotVersion = snapshot.SequenceNr;
        _lastAt = snapshot.At;
    }

    public RecoveredState Finish(RememberedResults results, int rememberedBound)
    {
        var memory = new CommandMemory();
        foreach (var result in results.Results)
        {
            memory.Add(
                new RememberedCommand(result.CommandId, result.Hash, result.SequenceNr, StoredAnswer.Decode(result.Answer.Span)),
                rememberedBound);
        }

        if (results.Truncated)
        {
            memory.MarkTruncated();
        }

        return new RecoveredState(_state, _version, _snapshotVersion, _lastAt, memory);
    }
}
