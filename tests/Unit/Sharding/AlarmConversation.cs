using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using AkkaScale.Sharding.Timers;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>One alarm on one owner after another, over a journal in lists: what is written is durable when told so, and recovery folds it.</summary>
internal sealed class AlarmConversation
{
    public static readonly EntityKey Key = new("alarm", "a-1");

    private readonly IEntityKind _kind;
    private readonly ShardingOptions _options;
    private readonly List<ShardEffect> _effects = [];
    private readonly List<EntitySnapshot> _snapshots = [];
    private readonly List<StoredResult> _results = [];
    private ShardState _state;
    private int _ids;

    public AlarmConversation(int snapshotEvery = 100, int remembered = 256)
    {
        _kind = AlarmKind.Create(snapshotEvery);
        _options = new ShardingOptions { RememberedCommands = remembered };
        _state = null!;
        TakeOver();
    }

    public DateTimeOffset Wall { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public List<JournalEvent> Events { get; } = [];

    /// <summary>The timer table.</summary>
    public SortedDictionary<string, (long Version, DateTimeOffset Due)> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>The table of remembered entities.</summary>
    public HashSet<EntityKey> Remembered { get; } = [];

    public Queue<ShardWrite> Waiting { get; } = new();

    public EntityState Entity => _state.Entities[Key];

    /// <summary>A new owner, which knows the journal alone.</summary>
    public void TakeOver()
    {
        Waiting.Clear();
        _state = new ShardState(0, (_state?.Epoch ?? 0) + 1, _options, TimeSpan.TicksPerSecond);
        Say(new ShardInput.Start());
        Say(new ShardInput.HeadRead(Events.Count));
    }

    /// <summary>Says it and makes everything durable.</summary>
    public EntityReply Do(AlarmCommand command)
    {
        var caller = Ask(command);
        AllDurable();
        return caller.Reply;
    }

    public ShardConversation.Caller Ask(AlarmCommand command) => Ask(command, new Guid(++_ids, 0, 0, new byte[8]), null);

    /// <summary>Fires as the loop would that read this row.</summary>
    public ShardConversation.Caller Fire(string name, long version) =>
        Ask(new Ring(name), TimerCommandId.Of(Key, name, version), new TimerFiring(name, version));

    public EntityReply FireDurably(string name, long version)
    {
        var caller = Fire(name, version);
        AllDurable();
        return caller.Reply;
    }

    public void AllDurable()
    {
        while (Waiting.TryDequeue(out var write))
        {
            Store(write);
            Say(new ShardInput.WritesDone(write.Generation, write.Token));
        }
    }

    public EngineState Recovered() => Fold().Engine;

    private ShardConversation.Caller Ask(AlarmCommand command, Guid id, TimerFiring? firing)
    {
        var caller = new ShardConversation.Caller();
        Say(new ShardInput.Ask(Key, _kind, command, id, long.MaxValue, caller) { Firing = firing, IsRead = command is Look });
        return caller;
    }

    private void Store(ShardWrite write)
    {
        Events.AddRange(write.Events);
        if (write.Result is { } result)
        {
            _results.Add(result);
        }

        if (write.Snapshot is { } snapshot)
        {
            _snapshots.Add(snapshot);
        }

        foreach (var change in write.Timers)
        {
            if (change.DueAt is { } due)
            {
                Rows[change.Name] = (change.Version, due);
            }
            else
            {
                Rows.Remove(change.Name);
            }
        }

        if (write.Remembered is { } remembered)
        {
            Assert.True(remembered.IsRemembered ? Remembered.Add(remembered.Entity) : Remembered.Remove(remembered.Entity), "Said twice.");
        }
    }

    private RecoveredState Fold()
    {
        var fold = new EntityFold(Key, _kind);
        if (_snapshots.LastOrDefault() is { } snapshot)
        {
            fold.Snapshot(snapshot);
        }

        foreach (var row in Events.Where(row => row.SequenceNr > (_snapshots.LastOrDefault()?.SequenceNr ?? 0)))
        {
            fold.Event(row);
        }

        var answers = Events.Where(row => !row.Answer.IsEmpty)
            .Select(row => new StoredResult(Key, row.CommandId, row.CommandHash, row.SequenceNr, row.Answer, row.At))
            .Concat(_results).ToArray();
        return fold.Finish(
            new RememberedResults([.. answers.TakeLast(_options.RememberedCommands)], answers.Length > _options.RememberedCommands),
            _options.RememberedCommands);
    }

    private void Say(ShardInput input)
    {
        ShardMachine.Step(_state, input, new ShardClock(1_000, long.MaxValue, Wall), _effects);
        var effects = _effects.ToArray();
        _effects.Clear();
        foreach (var effect in effects)
        {
            switch (effect.Kind)
            {
                case ShardEffectKind.Complete:
                    effect.Ask!.Target.Complete(effect.Outcome);
                    break;
                case ShardEffectKind.Write:
                    Waiting.Enqueue(effect.Write!);
                    break;
                case ShardEffectKind.Recover:
                    Say(new ShardInput.EntityRecovered(effect.Entity!, Fold()));
                    break;
                case ShardEffectKind.LookUpResult:
                    var row = Events.LastOrDefault(row => row.CommandId == effect.CommandId && !row.Answer.IsEmpty);
                    var found = row is null
                        ? _results.LastOrDefault(result => result.CommandId == effect.CommandId)
                        : new StoredResult(Key, row.CommandId, row.CommandHash, row.SequenceNr, row.Answer, row.At);
                    Say(new ShardInput.ResultLookedUp(effect.Entity!, effect.CommandId, found, null));
                    break;
            }
        }
    }
}
