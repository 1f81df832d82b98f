using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Handoff;
using AkkaScale.Sharding.Outbox;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>Talks to one shard of relays: orders letters, delivers letters of relays elsewhere, and keeps what it has made durable as a journal would.</summary>
internal sealed class RelayConversation
{
    public static readonly EntityKey Elsewhere = new(RelayKind.Name, "elsewhere");

    private readonly List<JournalEvent> _journal = [];
    private readonly Dictionary<EntityKey, EntitySnapshot> _snapshots = [];
    private int _durable;
    private int _ids;

    public RelayConversation(ShardingOptions? options = null, int snapshotEvery = 100, params OutboxMessage[] left)
    {
        Relay = new RelayKind(snapshotEvery);
        State = new ShardState(3, 7, options ?? new ShardingOptions(), 1);
        Say(new ShardInput.Start());
        Say(new ShardInput.HeadRead(0));
        Say(new ShardInput.OutboxRead(left, null));
    }

    public RelayKind Relay { get; }

    public ShardState State { get; private set; }

    public long Now { get; set; } = 1_000;

    public List<ShardEffect> Effects { get; } = [];

    public List<ShardWrite> Writes { get; } = [];

    /// <summary>Deliveries asked for and not answered.</summary>
    public List<OutboxSend> Sent { get; } = [];

    /// <summary>Where pages of the outbox were asked for: behind which number; null from the beginning.</summary>
    public List<long?> Reads { get; } = [];

    public IReadOnlyList<JournalEvent> Journal => _journal;

    public IEnumerable<OutboxSettlement> Settlements => Writes.Select(write => write.Settlement).OfType<OutboxSettlement>();

    public static OutboxMessage Letter(string sender, string receiver, int number, long nr)
    {
        var command = System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"take","sender":"{{sender}}","number":{{number}}}""");
        return new OutboxMessage(new EntityKey(RelayKind.Name, sender), new EntityKey(RelayKind.Name, receiver), nr, "ann", command, default);
    }

    /// <summary>Asks "home" to send a letter to each.</summary>
    public ShardConversation.Caller Order(params string[] receivers) => Ask(new SendTo(receivers), null, "home");

    public ShardConversation.Caller Deliver(int number, long nr) => Ask(new Take(Elsewhere.Id, number), new MessageDelivery(Elsewhere, nr, false), "home");

    public ShardConversation.Caller Close(long nr) => Ask(CloseChannel.Instance, new MessageDelivery(Elsewhere, nr, true), "home");

    public ShardConversation.Caller Ask(object command, MessageDelivery? message, string id)
    {
        var caller = new ShardConversation.Caller();
        Say(new ShardInput.Ask(new EntityKey(RelayKind.Name, id), Relay.Kind, command, new Guid(++_ids, 0, 0, new byte[8]), long.MaxValue, caller)
        {
            ActingUser = "ann",
            Message = message,
        });
        return caller;
    }

    public void AllDurable()
    {
        foreach (var write in Writes.Skip(_durable))
        {
            _journal.AddRange(write.Events);
            if (write.Snapshot is { } snapshot)
            {
                _snapshots[snapshot.Entity] = snapshot;
            }
        }

        _durable = Writes.Count;
        Say(new ShardInput.WritesDone(Writes[^1].Generation, Writes[^1].Token));
    }

    public void Fail(SliceStatus status)
    {
        _durable = Writes.Count;
        Say(new ShardInput.WritesFailed(State.Generation, new SliceOutcome(status, "told so")));
    }

    public void Answer(OutboxSend send, bool isDelivered = true)
    {
        Assert.True(Sent.Remove(send));
        Say(new ShardInput.MessageAnswered(send, isDelivered));
    }

    public void Tick(int seconds = 0)
    {
        Now += seconds;
        Say(new ShardInput.Tick(1_000));
    }

    /// <summary>The owner is gone; the next one reads what was made durable.</summary>
    public void Restart(bool warm = false)
    {
        State = new ShardState(3, 8, State.Options, 1);
        Sent.Clear();
        Say(new ShardInput.Start(warm ? new WarmShard(_journal.Count + 1, []) : null));
        Say(new ShardInput.HeadRead(_journal.Count));
    }

    public void Say(ShardInput input)
    {
        Effects.Clear();
        ShardMachine.Step(State, input, new ShardClock(Now, long.MaxValue, DateTimeOffset.UnixEpoch), Effects);
        foreach (var effect in Effects.ToArray())
        {
            switch (effect.Kind)
            {
                case ShardEffectKind.Complete:
                    effect.Ask!.Target.Complete(effect.Outcome);
                    break;
                case ShardEffectKind.Write:
                    Writes.Add(effect.Write!);
                    break;
                case ShardEffectKind.SendMessage:
                    Sent.Add(effect.Message!);
                    break;
                case ShardEffectKind.ReadOutbox:
                    Reads.Add(effect.Message?.Message.Nr);
                    break;
                case ShardEffectKind.Recover:
                    Say(new ShardInput.EntityRecovered(effect.Entity!, Recover(effect.Entity!.Key)));
                    break;
            }
        }
    }

    private RecoveredState Recover(EntityKey key)
    {
        var fold = new EntityFold(key, Relay.Kind);
        var from = 0L;
        if (_snapshots.TryGetValue(key, out var snapshot))
        {
            fold.Snapshot(snapshot);
            from = snapshot.SequenceNr;
        }

        foreach (var row in _journal.Where(row => row.Entity == key && row.SequenceNr > from))
        {
            fold.Event(row);
        }

        return fold.Finish(new RememberedResults([], false), 8);
    }
}
