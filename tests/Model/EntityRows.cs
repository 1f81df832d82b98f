using System.Runtime.InteropServices;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using static AkkaScale.Tests.Model.StoreModelException;

namespace AkkaScale.Tests.Model;

/// <summary>All rows of one entity in journal, command_result and snapshot.</summary>
internal sealed class EntityRows(EntityKey key)
{
    private readonly Dictionary<Guid, CommandRow> _commands = [];

    // By time, then by id.
    private readonly List<StoredResult> _results = [];

    public EntityKey Key { get; } = key;

    /// <summary>In order of sequence number, from 1.</summary>
    public List<JournalEvent> Events { get; } = [];

    public EntitySnapshot? Snapshot { get; private set; }

    public long Version => Events.Count;

    /// <summary>The last slice that was found to continue this entity: its later events need no look.</summary>
    public long Stamp { get; set; }

    /// <param name="sliceBegins">Position of the first event of the slice: a command's events are in one slice.</param>
    public void Add(JournalEvent row, long sliceBegins)
    {
        Check(row.SequenceNr == Version + 1, $"{Key}: sequence number {row.SequenceNr} after {Version}");
        if (Events.Count > 0)
        {
            Check(Events[^1].Epoch <= row.Epoch, $"{Key}: epoch {row.Epoch} at {row.SequenceNr} after epoch {Events[^1].Epoch}");
            Check(Events[^1].Shard == row.Shard, $"{Key} is written in shard {row.Shard}, before in {Events[^1].Shard}");
        }

        ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(_commands, row.CommandId, out var isKnown);
        if (isKnown)
        {
            Check(command.Result is null, $"{Key}: command {row.CommandId} takes effect at {row.SequenceNr} after its answer without effect was stored");
            Check(command.Position >= sliceBegins, $"{Key}: command {row.CommandId} takes effect at {row.SequenceNr} and did so before");
        }
        else
        {
            command.Position = row.Position;
        }

        if (!row.Answer.IsEmpty)
        {
            command.AnsweredAt = row.SequenceNr;
        }

        Events.Add(row);
    }

    public bool HasResult(Guid commandId) => _commands.TryGetValue(commandId, out var command) && command.Result is not null;

    public void Add(StoredResult result)
    {
        ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(_commands, result.CommandId, out _);
        Check(command.Position == 0, $"{Key}: an answer without effect is stored of command {result.CommandId}, which took effect");
        command.Result = result;
        var index = _results.Count;
        while (index > 0 && IsAfter(_results[index - 1], result))
        {
            index--;
        }

        _results.Insert(index, result);
    }

    /// <summary>A snapshot is replaced by newer ones only.</summary>
    public void Set(EntitySnapshot snapshot)
    {
        Check(snapshot.SequenceNr <= Version, $"{Key}: a snapshot at {snapshot.SequenceNr} ran ahead of {Version} events");
        if (Snapshot is null || Snapshot.SequenceNr < snapshot.SequenceNr)
        {
            Snapshot = snapshot;
        }
    }

    public void Find(Guid commandId, List<StoredResult> found)
    {
        if (!_commands.TryGetValue(commandId, out var command))
        {
            return;
        }

        if (command.AnsweredAt > 0)
        {
            found.Add(Answer(Events[(int)command.AnsweredAt - 1]));
        }

        if (command.Result is { } result)
        {
            found.Add(result);
        }
    }

    public RememberedResults Recover(int stateVersion, RecoveryWindow window, IRecoveryFold fold)
    {
        var after = 0L;
        if (Snapshot is { } snapshot && snapshot.StateVersion == stateVersion)
        {
            fold.Snapshot(snapshot);
            after = snapshot.SequenceNr;
        }

        for (var index = (int)after; index < Events.Count; index++)
        {
            fold.Event(Events[index]);
        }

        return Remembered(window);
    }

    public int Prune(DateTimeOffset before)
    {
        var old = 0;
        while (old < _results.Count && _results[old].At < before)
        {
            _commands.Remove(_results[old++].CommandId);
        }

        _results.RemoveRange(0, old);
        return old;
    }

    private RememberedResults Remembered(RecoveryWindow window)
    {
        var remembered = new List<StoredResult>();
        var truncated = false;
        for (var index = Events.Count - 1; index >= 0; index--)
        {
            var row = Events[index];
            if (row.Answer.IsEmpty || row.At < window.Since)
            {
                continue;
            }

            if (remembered.Count == window.Limit)
            {
                truncated = true;
                break;
            }

            remembered.Add(Answer(row));
        }

        remembered.Reverse();
        var oldest = Math.Max(_results.Count - window.Limit, 0);
        truncated |= oldest > 0 && _results[oldest - 1].At >= window.Since;
        for (var index = oldest; index < _results.Count; index++)
        {
            if (_results[index].At >= window.Since)
            {
                remembered.Add(_results[index]);
            }
        }

        Sort(remembered);
        return new RememberedResults(remembered, truncated);
    }

    // Two runs that are sorted, mostly: what is put in goes a short way back. Equal ones keep their order, events before results.
    private static void Sort(List<StoredResult> results)
    {
        for (var index = 1; index < results.Count; index++)
        {
            var moved = results[index];
            var to = index;
            while (to > 0 && (results[to - 1].At, results[to - 1].SequenceNr).CompareTo((moved.At, moved.SequenceNr)) > 0)
            {
                results[to] = results[to - 1];
                to--;
            }

            results[to] = moved;
        }
    }

    private static StoredResult Answer(JournalEvent row) =>
        new(row.Entity, row.CommandId, row.CommandHash, row.SequenceNr, row.Answer, row.At);

    private static bool IsAfter(StoredResult left, StoredResult right) =>
        left.At > right.At || (left.At == right.At && left.CommandId.CompareTo(right.CommandId) > 0);
}
