using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Shards;

/// <summary>
/// What a store must do, in a few lines: appends are fenced by the epoch and checked against the heads, one slice commits whole or not at all.
/// Checks I2 at every commit.
/// </summary>
internal sealed class ModelJournal
{
    private readonly Dictionary<EntityKey, List<JournalEvent>> _entities = [];
    private readonly Dictionary<(EntityKey, Guid), StoredResult> _results = [];
    private readonly Dictionary<EntityKey, EntitySnapshot> _snapshots = [];

    public long Epoch { get; private set; }

    public List<JournalEvent> Events { get; } = [];

    public long Head => Events.Count;

    /// <summary>The handoff that led to the present epoch; null if something else did.</summary>
    public string? HandoffId { get; private set; }

    public long Acquire()
    {
        HandoffId = null;
        return ++Epoch;
    }

    /// <summary>The compare-and-set of a handoff.</summary>
    public void HandOver(long epoch, string handoffId)
    {
        if (epoch == Epoch)
        {
            HandoffId = handoffId;
            Epoch++;
        }
    }

    public SliceStatus Append(long epoch, IReadOnlyList<ShardWrite> writes)
    {
        if (epoch != Epoch)
        {
            return SliceStatus.Fenced;
        }

        var events = writes.SelectMany(write => write.Events).ToArray();
        if (events.Length > 0 && events[0].Position != Head + 1)
        {
            return SliceStatus.HeadMismatch;
        }

        foreach (var row in events)
        {
            Check(row.Position == Head + 1, $"position {row.Position} after {Head}");
            Check(row.SequenceNr == VersionOf(row.Entity) + 1, $"{row.Entity}: sequence number {row.SequenceNr} after {VersionOf(row.Entity)}");
            Check(Events.Count == 0 || Events[^1].Epoch <= row.Epoch, "an epoch went back");
            Check(!_results.ContainsKey((row.Entity, row.CommandId)), $"command {row.CommandId} takes effect after it was refused");
            Events.Add(row);
            Of(row.Entity).Add(row);
        }

        foreach (var result in writes.Select(write => write.Result).OfType<StoredResult>())
        {
            Check(Of(result.Entity).All(row => row.CommandId != result.CommandId), $"command {result.CommandId} is refused after it took effect");
            _results.TryAdd((result.Entity, result.CommandId), result);
        }

        foreach (var snapshot in writes.Select(write => write.Snapshot).OfType<EntitySnapshot>())
        {
            Check(snapshot.SequenceNr <= VersionOf(snapshot.Entity), "a snapshot ran ahead of its events");
            _snapshots[snapshot.Entity] = snapshot;
        }

        return SliceStatus.Written;
    }

    public RecoveredState Recover(EntityKey key, IEntityKind kind, int remembered)
    {
        var fold = new EntityFold(key, kind);
        var from = 0L;
        if (_snapshots.TryGetValue(key, out var snapshot))
        {
            fold.Snapshot(snapshot);
            from = snapshot.SequenceNr;
        }

        foreach (var row in Of(key).Where(row => row.SequenceNr > from))
        {
            fold.Event(row);
        }

        var answers = Of(key).Where(row => !row.Answer.IsEmpty)
            .Select(row => new StoredResult(key, row.CommandId, row.CommandHash, row.SequenceNr, row.Answer, row.At)).ToArray();
        var refusals = _results.Where(pair => pair.Key.Item1 == key).Select(pair => pair.Value).ToArray();
        return fold.Finish(
            new RememberedResults(
                [.. answers.TakeLast(remembered), .. refusals.TakeLast(remembered)], answers.Length > remembered || refusals.Length > remembered),
            remembered);
    }

    public StoredResult? Find(EntityKey key, Guid commandId) =>
        _results.GetValueOrDefault((key, commandId))
        ?? Of(key).Where(row => row.CommandId == commandId && !row.Answer.IsEmpty)
            .Select(row => new StoredResult(key, row.CommandId, row.CommandHash, row.SequenceNr, row.Answer, row.At)).SingleOrDefault();

    public long VersionOf(EntityKey key) => Of(key).Count;

    private List<JournalEvent> Of(EntityKey key)
    {
        if (!_entities.TryGetValue(key, out var rows))
        {
            _entities.Add(key, rows = []);
        }

        return rows;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The journal's invariant is broken: {what}.");
        }
    }
}
