using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Outbox;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Shards;

/// <summary>
/// Two shards whose entities send each other numbered letters, over a network that loses, repeats and holds back asks and answers, under owners that are
/// replaced at any point and stores that fail or answer nothing. In the end every letter has taken effect exactly once, in order, and every channel closes.
/// </summary>
internal sealed class MessageSimulation
{
    private const int Entities = 3;

    private readonly Random _random;
    private readonly RelayKind _relay = new(snapshotEvery: 6);
    private readonly ShardingOptions _options = new() { OutboxBuffer = 6, OutboxPage = 3, OutboxInFlight = 3, MessagesPerCommand = 4 };
    private readonly Shard[] _shards;

    /// <summary>What will happen some time, in any order. False: not yet, ask again.</summary>
    private readonly List<Func<bool>> _underWay = [];

    /// <summary>Copies of asks of a channel that may yet arrive: while there are any it is not closed, as no real copy outlives the idle time.</summary>
    private readonly Dictionary<ChannelKey, int> _copies = [];
    private readonly List<ShardEffect> _effects = [];
    private bool _faults = true;
    private long _now = 1;
    private int _ids;

    public MessageSimulation(int seed)
    {
        _random = new Random(seed);
        _relay.Fails = take => _faults && take.Number % 4 == 3;
        _shards = [new Shard(0), new Shard(1)];
        foreach (var shard in _shards)
        {
            TakeOver(shard);
        }
    }

    public int Takeovers { get; private set; }

    public int Copies { get; private set; }

    public int Closes { get; private set; }

    public int Overflows { get; private set; }

    public int Letters => Rows().Count(row => row.EventType == "sent");

    public int Refused => Rows().Count(row => row.EventType == EngineEvents.Message);

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _now++;
            switch (_random.Next(40))
            {
                case < 3:
                    Issue();
                    break;
                case 3 when _random.Next(8) == 0:
                    TakeOver(Any());
                    break;
                case 4 when _random.Next(20) == 0:
                    Say(Any().Owner, new ShardInput.Drain());
                    break;
                case 4 when _random.Next(6) == 0:
                    HandOffInVain(Any().Owner);
                    break;
                case 5:
                    Tick();
                    break;
                case 6 when _random.Next(6) == 0:
                    CloseIdle();
                    break;
                default:
                    Progress();
                    break;
            }
        }

        Settle();
    }

    /// <summary>Faults end; everything is delivered, then every channel is closed and forgotten.</summary>
    private void Settle()
    {
        _faults = false;
        for (var round = 0; round < 400; round++)
        {
            Exhaust();
            Tick();
        }

        Expect(_shards.All(shard => shard.Journal.ReadOutbox(null, 1).Count == 0), "messages stay in the outbox");
        foreach (var channel in Rows().Where(row => row.EventType == "sent").GroupBy(row => (row.Entity.Id, Letter(row).Receiver)))
        {
            Check(channel.Key.Id, channel.Key.Receiver, channel.Count());
        }

        for (var round = 0; round < 10; round++)
        {
            CloseIdle();
            Exhaust();
        }

        Expect(_shards.All(shard => shard.Journal.Idle().Count == 0), "a channel stays open");
        foreach (var entity in Rows().Select(row => row.Entity).Distinct().ToArray())
        {
            var recovered = ShardOf(entity.Id).Journal.Recover(entity, _relay.Kind, 8);
            Expect(recovered.Engine.Inbox.IsEmpty, $"{entity} remembers a sender whose channel is closed");
        }
    }

    private void Check(string sender, string receiver, int sent)
    {
        var accepted = Rows()
            .Where(row => row.Entity.Id == receiver && row.Origin?.Sender.Id == sender && row.EventType != EngineEvents.Closed).ToArray();
        Expect(accepted.Length == sent, $"{receiver} accepted {accepted.Length} of {sent} letters of {sender}");
        Expect(accepted.Zip(accepted.Skip(1)).All(pair => pair.First.Origin!.Value.Nr < pair.Second.Origin!.Value.Nr), $"letters of {sender} to {receiver} changed places");
        var taken = accepted.Where(row => row.EventType == "taken").Select(row => Letter(row).Number);
        Expect(
            taken.SequenceEqual(Enumerable.Range(1, sent).Where(RelayKind.IsTaken)), $"{receiver} took the letters of {sender} in another order, or others");
    }

    private void Issue()
    {
        var sender = Id();
        var said = new SendTo([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Id())]);
        var caller = new Caller(_ => { });
        Say(ShardOf(sender).Owner, new ShardInput.Ask(new EntityKey(RelayKind.Name, sender), _relay.Kind, said, NextId(), long.MaxValue, caller));
    }

    private void Tick()
    {
        _now += 70;
        foreach (var shard in _shards)
        {
            Say(shard.Owner, new ShardInput.Tick(_random.Next(1, 4)));
        }
    }

    /// <summary>The shard stops for a handoff that is then off: it goes on with what it has in memory.</summary>
    private void HandOffInVain(Owner owner)
    {
        var handoff = $"handoff-{++_ids}";
        Say(owner, new ShardInput.StopIntake(handoff));
        Later(owner, () => new ShardInput.Resume(handoff));
    }

    private void CloseIdle()
    {
        foreach (var shard in _shards)
        {
            foreach (var last in shard.Journal.Idle().Where(last => !_copies.ContainsKey(new ChannelKey(last.Sender, last.Receiver))))
            {
                Say(shard.Owner, new ShardInput.ChannelIdle(last));
            }
        }
    }

    private void Exhaust()
    {
        while (_underWay.Count > 0)
        {
            Progress();
        }
    }

    private void Progress()
    {
        if (_underWay.Count > 0 && _random.Next(_underWay.Count) is var index && _underWay[index]())
        {
            _underWay.RemoveAt(index);
        }
    }

    private void Say(Owner owner, ShardInput input)
    {
        ShardMachine.Step(owner.State, input, new ShardClock(_now, long.MaxValue, DateTimeOffset.UnixEpoch.AddTicks(_now * 10)), _effects);
        Expect(owner.State.Outbox.Messages <= 2 * _options.OutboxBuffer, "an outbox holds more in memory than it may");
        Expect(owner.State.Outbox.InFlight <= _options.OutboxInFlight, "more is under way than may be");
        Overflows += owner.State.Outbox is { IsComplete: false, Messages: > 0 } ? 1 : 0;
        var effects = _effects.ToArray();
        _effects.Clear();
        foreach (var effect in effects)
        {
            Perform(owner, effect);
        }
    }

    private void Perform(Owner owner, ShardEffect effect)
    {
        switch (effect.Kind)
        {
            case ShardEffectKind.Complete:
                effect.Ask!.Target.Complete(effect.Outcome);
                break;
            case ShardEffectKind.Write:
                owner.Queue.Add(effect.Write!);
                if (!owner.IsAppending)
                {
                    owner.IsAppending = true;
                    _underWay.Add(() => Append(owner));
                }

                break;
            case ShardEffectKind.ReadHead:
                Say(owner, new ShardInput.HeadRead(owner.Shard.Journal.Head));
                break;
            case ShardEffectKind.Recover:
                Later(owner, () => Fault(8)
                    ? new ShardInput.RecoveryFailed(effect.Entity!, false, "store away")
                    : new ShardInput.EntityRecovered(effect.Entity!, owner.Shard.Journal.Recover(effect.Entity!.Key, _relay.Kind, 8)));
                break;
            case ShardEffectKind.ReadOutbox:
                // Read now, told later: what the page says may be old when it arrives.
                var page = owner.Shard.Journal.ReadOutbox(effect.Message?.Message, _options.OutboxPage);
                Later(owner, () => Fault(8) ? new ShardInput.OutboxRead([], "store away") : new ShardInput.OutboxRead(page, null));
                break;
            case ShardEffectKind.SendMessage:
                SendMessage(owner, effect.Message!);
                break;
            case ShardEffectKind.Drained or ShardEffectKind.Stopped:
                owner.IsOver = true;
                if (owner == owner.Shard.Owner)
                {
                    TakeOver(owner.Shard);
                }

                break;
        }
    }

    private void SendMessage(Owner owner, OutboxSend send)
    {
        var isAnswered = false;
        void Answer(bool isDelivered)
        {
            if (!isAnswered)
            {
                isAnswered = true;
                Later(owner, () => new ShardInput.MessageAnswered(send, isDelivered));
            }
        }

        if (Fault(8))
        {
            Answer(false);
            return;
        }

        for (var copies = Fault(4) ? 2 : 1; copies > 0; copies--)
        {
            Copies++;
            var givesUp = Fault(6);
            Hold(ChannelKey.Of(send.Message), 1);
            _underWay.Add(() =>
            {
                Hold(ChannelKey.Of(send.Message), -1);
                Deliver(send, outcome => Answer(!givesUp && outcome is { Kind: AskOutcomeKind.Answered, Reply.IsSuccess: true }));
                return true;
            });
            if (givesUp)
            {
                // The sender is told that there was no answer, and tries again, while this copy is still to arrive.
                Answer(false);
            }
        }
    }

    private void Deliver(OutboxSend send, Action<AskOutcome> answer)
    {
        var (message, isClose) = send;
        var delivery = new MessageDelivery(message.Sender, message.Nr, isClose);
        var command = isClose ? CloseChannel.Instance : _relay.Kind.ReadCommand(new(message.Command));
        Say(ShardOf(message.Receiver.Id).Owner, new ShardInput.Ask(
            message.Receiver, _relay.Kind, command, delivery.CommandId(message.Receiver), long.MaxValue, new Caller(answer))
        { Message = delivery });
        Closes += isClose ? 1 : 0;
    }

    private void Hold(ChannelKey key, int change)
    {
        if ((_copies[key] = _copies.GetValueOrDefault(key) + change) == 0)
        {
            _copies.Remove(key);
        }
    }

    private bool Append(Owner owner)
    {
        var batch = owner.Queue.Where(write => write.Generation > owner.FailedGeneration).ToArray();
        owner.Queue.Clear();
        if (batch.Length > 0 && !owner.IsOver)
        {
            var generation = batch[0].Generation;
            owner.Queue.AddRange(batch.SkipWhile(write => write.Generation == generation));
            batch = [.. batch.TakeWhile(write => write.Generation == generation)];
            var fate = _faults ? _random.Next(16) : 15;
            var status = fate == 0 ? SliceStatus.Unavailable : owner.Shard.Journal.Append(owner.State.Epoch, batch);
            if (status == SliceStatus.Written && fate != 1)
            {
                Say(owner, new ShardInput.WritesDone(generation, batch[^1].Token));
            }
            else
            {
                owner.FailedGeneration = generation;
                Say(owner, new ShardInput.WritesFailed(generation, new SliceOutcome(status == SliceStatus.Written ? SliceStatus.Unknown : status, "")));
            }
        }

        owner.IsAppending = owner.Queue.Count > 0 && !owner.IsOver;
        return !owner.IsAppending;
    }

    private void Later(Owner owner, Func<ShardInput> input) => _underWay.Add(() =>
    {
        Say(owner, input());
        return true;
    });

    private void TakeOver(Shard shard)
    {
        Takeovers++;
        shard.Owner = new Owner(shard, new ShardState(shard.Index, shard.Journal.Acquire(), _options, 10));
        Say(shard.Owner, new ShardInput.Start());
    }

    private bool Fault(int oneIn) => _faults && _random.Next(oneIn) == 0;

    private Shard Any() => _shards[_random.Next(_shards.Length)];

    private Shard ShardOf(string id) => _shards[id[^1] % _shards.Length];

    private string Id() => $"r-{_random.Next(Entities * _shards.Length)}";

    private Guid NextId() => new(++_ids, 0, 0, new byte[8]);

    private IEnumerable<JournalEvent> Rows() => _shards.SelectMany(shard => shard.Journal.Events);

    private static (string Receiver, int Number) Letter(JournalEvent row)
    {
        using var json = System.Text.Json.JsonDocument.Parse(row.Payload);
        return (json.RootElement.TryGetProperty("receiver", out var receiver) ? receiver.GetString()! : "", json.RootElement.GetProperty("number").GetInt32());
    }

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"An invariant is broken: {what}.");
        }
    }

    private sealed class Shard(int index)
    {
        public int Index { get; } = index;

        public ModelJournal Journal { get; } = new();

        public Owner Owner { get; set; } = null!;
    }

    private sealed class Owner(Shard shard, ShardState state)
    {
        public Shard Shard { get; } = shard;

        public ShardState State { get; } = state;

        public List<ShardWrite> Queue { get; } = [];

        public bool IsAppending { get; set; }

        public bool IsOver { get; set; }

        public int FailedGeneration { get; set; } = -1;
    }

    private sealed class Caller(Action<AskOutcome> answer) : IAskTarget
    {
        private bool _done;

        public void Complete(AskOutcome outcome)
        {
            Expect(!_done, "a caller got two outcomes");
            _done = true;
            answer(outcome);
        }
    }
}
