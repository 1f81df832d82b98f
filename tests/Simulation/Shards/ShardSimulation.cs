using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Shards;

/// <summary>
/// One shard through many owners under one seed: clients with keys and copies, appends that are lost, late, refused or unknown, recoveries that arrive late,
/// drains, drops, takeovers, and handoffs between two nodes with copies on a bad connection.
/// Production's machines, a model of the store, one thread.
/// </summary>
internal sealed class ShardSimulation
{
    private const int Remembered = 3;
    private const int EntityCount = 3;

    private readonly Random _random;
    private readonly ModelJournal _journal = new();
    private readonly IEntityKind _kind = CounterKind.Create(snapshotEvery: 5);
    private readonly ShardingOptions _options = new() { RememberedCommands = Remembered, MailboxLimit = 8, MaxResidentEntities = 2 };
    private readonly List<Func<bool>> _underWay = [];
    private readonly List<ShardEffect> _effects = [];
    private readonly List<Command> _commands = [];
    private readonly Dictionary<EntityKey, long> _seenByReads = [];
    private readonly Incarnation[] _nodes = [new(new Guid(1, 0, 0, new byte[8])), new(new Guid(2, 0, 0, new byte[8]))];
    private readonly WarmCopies[] _copies;
    private Owner _owner;
    private SimulatedHandoff? _handoff;
    private int _handoffs;
    private long _now = 1;
    private int _ids;
    private bool _faults = true;

    public ShardSimulation(int seed)
    {
        _random = new Random(seed);
        _copies = [new WarmCopies(_options), new WarmCopies(_options)];
        _owner = TakeOver(0);
    }

    public int Accepted => _commands.Count(command => command.Answer?.Status == ReplyStatus.Accepted);

    public int Takeovers { get; private set; }

    public int UnknownOutcomes { get; private set; }

    public int Replays { get; private set; }

    public int LookUps { get; private set; }

    /// <summary>Owners that started with copies.</summary>
    public int WarmStarts { get; private set; }

    /// <summary>Owners that got the shard by a handoff and had to load.</summary>
    public int ColdStarts { get; private set; }

    /// <summary>Handoffs called off after intake had stopped.</summary>
    public int Resumed { get; private set; }

    public long Discarded => _copies.Sum(copies => copies.Discarded);

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _now++;
            switch (_random.Next(20))
            {
                case < 5:
                    Issue();
                    break;
                case < 8:
                    Retry();
                    break;
                case 8:
                    Read();
                    break;
                case 9 when _random.Next(6) == 0:
                    Disturb();
                    break;
                case 10 when _random.Next(2) == 0:
                    BeginHandoff();
                    break;
                default:
                    Progress();
                    break;
            }
        }

        Settle();
    }

    /// <summary>Faults end; every command gets its answer, and all answers agree with the journal.</summary>
    private void Settle()
    {
        _faults = false;
        for (var round = 0; round < 200 && _commands.Any(command => command.Answer is null); round++)
        {
            foreach (var command in _commands.Where(command => command.Answer is null && command.Waiting == 0))
            {
                Send(command);
            }

            while (_underWay.Count > 0)
            {
                Progress();
            }

            Tell(new HandoffInput.DeadlinePassed());
        }

        var unanswered = _commands.Where(command => command.Answer is null).ToArray();
        Expect(
            unanswered.Length == 0,
            $"{unanswered.Length} commands of {_commands.Count} got no answer after all faults had ended, {unanswered.Count(command => command.Waiting > 0)} of them wait; the shard is {_owner.State.Phase} with {_owner.State.Unsaved.Count} unsaved writes");
        foreach (var command in _commands)
        {
            var effects = _journal.Events.Count(row => row.CommandId == command.Id);
            Expect(effects == (command.Answer!.Status == ReplyStatus.Accepted ? command.Events : 0), $"{command.Id} took effect {effects} times");
            if (command.Answer.Status == ReplyStatus.Accepted)
            {
                var last = _journal.Events.Last(row => row.CommandId == command.Id);
                Expect(last.SequenceNr == command.Answer.Version, $"{command.Id} was answered at {command.Answer.Version} and stands at {last.SequenceNr}");
            }
        }
    }

    private void Issue()
    {
        var entity = new EntityKey("counter", $"c-{_random.Next(EntityCount)}");
        CounterCommand said = _random.Next(5) switch { 0 => new Add(-1), 1 => new Add(0), 2 => new AddEach([1, 2]), _ => new Add(1) };
        Issue(entity, said);
    }

    private void Issue(EntityKey entity, object said)
    {
        var command = new Command(new Guid(++_ids, 0, 0, new byte[8]), entity, said);
        _commands.Add(command);
        Send(command);
        if (_random.Next(4) == 0)
        {
            Send(command);
        }
    }

    private void Retry()
    {
        var candidates = _commands.Where(command => command.Answer is null ? command.Waiting == 0 : _random.Next(20) == 0).ToArray();
        if (candidates.Length > 0)
        {
            Send(candidates[_random.Next(candidates.Length)]);
        }
    }

    private void Send(Command command)
    {
        command.Waiting++;
        var caller = new Caller(outcome =>
        {
            command.Waiting--;
            if (outcome.Kind == AskOutcomeKind.Answered)
            {
                command.Answered(outcome.Reply!, _journal);
                Replays += outcome.Reply!.Replayed ? 1 : 0;
            }
        });
        Say(new ShardInput.Ask(command.Entity, _kind, command.Said, command.Id, long.MaxValue, caller)
        {
            IsClientKey = true,
            Attempt = command.Attempts++,
        });
    }

    /// <summary>A read never shows less than was acknowledged before it was asked, and never what is not durable.</summary>
    private void Read()
    {
        var entity = new EntityKey("counter", $"c-{_random.Next(EntityCount)}");
        var atLeast = _commands.Where(command => command.Entity == entity).Select(command => command.Answer?.Version ?? 0)
            .Append(_seenByReads.GetValueOrDefault(entity)).Max();
        var caller = new Caller(outcome =>
        {
            if (outcome.Kind == AskOutcomeKind.Answered)
            {
                Expect(outcome.Reply!.Version >= atLeast, $"a read of {entity} showed {outcome.Reply.Version} after {atLeast}");
                Expect(outcome.Reply.Version <= _journal.VersionOf(entity), "a read showed what is not durable");
                _seenByReads[entity] = Math.Max(_seenByReads.GetValueOrDefault(entity), outcome.Reply.Version);
            }
        });
        Say(new ShardInput.Ask(entity, _kind, new Get(), new Guid(++_ids, 0, 0, new byte[8]), long.MaxValue, caller) { IsRead = true });
    }

    private void Disturb()
    {
        switch (_random.Next(4))
        {
            case 0:
                Tell(new HandoffInput.CalledOff());
                Say(new ShardInput.Drain());
                break;
            case 1:
                Say(new ShardInput.Drop("dropped"));
                Tell(new HandoffInput.ShardGone());
                _owner = TakeOver(_random.Next(2));
                break;
            case 2:
                Tell(_random.Next(2) == 0 ? new HandoffInput.CalledOff() : new HandoffInput.DeadlinePassed());
                break;
            default:
                _now += _options.PassivateAfter.Ticks;
                Say(new ShardInput.Tick(2));
                break;
        }
    }

    private void Progress()
    {
        if (_underWay.Count == 0)
        {
            return;
        }

        var index = _random.Next(_underWay.Count);
        if (_underWay[index]())
        {
            _underWay.RemoveAt(index);
        }

    }

    private void Say(ShardInput input) => Say(_owner, input);

    private void Say(Owner owner, ShardInput input)
    {
        ShardMachine.Step(owner.State, input, new ShardClock(_now, long.MaxValue, DateTimeOffset.UnixEpoch.AddTicks(_now * 10)), _effects);
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
                Say(owner, new ShardInput.HeadRead(_journal.Head));
                break;
            case ShardEffectKind.Recover:
                var entity = effect.Entity!;
                _underWay.Add(() =>
                {
                    Deliver(owner, _faults && _random.Next(8) == 0
                        ? new ShardInput.RecoveryFailed(entity, false, "store away")
                        : new ShardInput.EntityRecovered(entity, _journal.Recover(entity.Key, entity.Kind, Remembered)));
                    return true;
                });
                break;
            case ShardEffectKind.LookUpResult:
                LookUps++;
                _underWay.Add(() =>
                {
                    Deliver(owner, new ShardInput.ResultLookedUp(
                        effect.Entity!, effect.CommandId, _journal.Find(effect.Entity!.Key, effect.CommandId),
                        _faults && _random.Next(8) == 0 ? "store away" : null));
                    return true;
                });
                break;
            case ShardEffectKind.Copied:
                _underWay.Add(() =>
                {
                    if (effect.Copies!.HandoffId == _handoff?.Id)
                    {
                        Tell(SimulatedHandoff.Encode(effect.Copies));
                    }

                    return true;
                });
                break;
            case ShardEffectKind.Drained or ShardEffectKind.Stopped:
                owner.IsOver = true;
                if (owner == _owner)
                {
                    Tell(new HandoffInput.ShardGone());
                    _owner = TakeOver(_random.Next(2));
                }

                break;
        }
    }

    /// <summary>A lane's turn: everything gathered, with one of the fates an append can have. True when nothing more is queued.</summary>
    private bool Append(Owner owner)
    {
        var batch = owner.Queue.Where(write => write.Generation > owner.FailedGeneration).ToArray();
        owner.Queue.Clear();
        if (batch.Length > 0 && !owner.IsOver)
        {
            var generation = batch[0].Generation;
            owner.Queue.AddRange(batch.SkipWhile(write => write.Generation == generation));
            batch = [.. batch.TakeWhile(write => write.Generation == generation)];
            var fate = _faults ? _random.Next(12) : 11;
            switch (fate)
            {
                case 0:
                    Fail(owner, generation, SliceStatus.Unavailable);
                    break;
                case 1:
                    // Lost on the way, or late: it may yet arrive, before or after a takeover.
                    UnknownOutcomes++;
                    if (_random.Next(2) == 0)
                    {
                        _underWay.Add(() =>
                        {
                            _journal.Append(owner.State.Epoch, batch);
                            return true;
                        });
                    }

                    Fail(owner, generation, SliceStatus.Unknown);
                    break;
                case 2:
                    UnknownOutcomes++;
                    _journal.Append(owner.State.Epoch, batch);
                    Fail(owner, generation, SliceStatus.Unknown);
                    break;
                default:
                    var status = _journal.Append(owner.State.Epoch, batch);
                    if (status == SliceStatus.Written)
                    {
                        Deliver(owner, new ShardInput.WritesDone(generation, batch[^1].Token));
                    }
                    else
                    {
                        Fail(owner, generation, status);
                    }

                    break;
            }
        }

        if (owner.Queue.Count > 0 && !owner.IsOver)
        {
            return false;
        }

        owner.IsAppending = false;
        return true;
    }

    private void Fail(Owner owner, int generation, SliceStatus status)
    {
        owner.FailedGeneration = generation;
        Deliver(owner, new ShardInput.WritesFailed(generation, new SliceOutcome(status, "")));
    }

    /// <summary>Answers may come to an owner that is over, or that another has followed: it must not matter.</summary>
    private void Deliver(Owner owner, ShardInput input) => Say(owner, input);

    private Owner TakeOver(int node)
    {
        Takeovers++;
        _journal.Acquire();
        return Start(node);
    }

    /// <summary>Whoever finds itself owner, in whatever way.</summary>
    private Owner Start(int node)
    {
        var owner = new Owner(new ShardState(0, _journal.Epoch, _options, 1), node);
        var warm = _copies[node].Take(0, _journal.Epoch, _journal.HandoffId);
        WarmStarts += warm is null ? 0 : 1;
        ColdStarts += warm is null && _journal.HandoffId is not null ? 1 : 0;
        if (_random.Next(2) == 0)
        {
            Say(owner, new ShardInput.Start(warm));
        }
        else
        {
            // Asks may come first.
            _underWay.Add(() =>
            {
                Say(owner, new ShardInput.Start(warm));
                return true;
            });
        }

        return owner;
    }

    private void BeginHandoff()
    {
        if (_handoff is null)
        {
            var id = $"{_nodes[_owner.Node]}-{++_handoffs}";
            _handoff = new SimulatedHandoff(
                id, 0, _owner.State.Epoch, _nodes[_owner.Node], _copies[1 - _owner.Node], _options, _kind, _random.Next)
            {
                HasFaults = _faults,
            };
            Tell(new HandoffInput.Begin());
        }
    }

    private void Tell(HandoffInput input)
    {
        if (_handoff is not { } handoff)
        {
            return;
        }

        handoff.HasFaults = _faults;
        var owner = _owner;
        foreach (var effect in handoff.Step(input))
        {
            switch (effect)
            {
                case HandoffEffect.CopyOut copy:
                    Say(owner, new ShardInput.CopyOut(handoff.Id, copy.IsNewPass, 2));
                    break;
                case HandoffEffect.StopIntake:
                    Say(owner, new ShardInput.StopIntake(handoff.Id));
                    break;
                case HandoffEffect.Resume:
                    Resumed++;
                    Say(owner, new ShardInput.Resume(handoff.Id));
                    break;
                case HandoffEffect.ReportReady:
                    _underWay.Add(() =>
                    {
                        Give(handoff, owner);
                        return true;
                    });
                    break;
            }
        }

        if (handoff.Phase == HandoffPhase.Over && _handoff == handoff)
        {
            _handoff = null;
        }

        Carry(handoff);
    }

    private void Carry(SimulatedHandoff handoff)
    {
        if (!handoff.IsCarried && handoff.HasFrames)
        {
            handoff.IsCarried = true;
            _underWay.Add(() =>
            {
                if (handoff.Deliver() is { } input && _handoff == handoff)
                {
                    Tell(input);
                }

                handoff.IsCarried = handoff.HasFrames;
                return !handoff.IsCarried;
            });
        }
    }

    /// <summary>The compare-and-set, or a change of mind just before it. Once it was sent the old owner serves nothing, whatever comes of it.</summary>
    private void Give(SimulatedHandoff handoff, Owner owner)
    {
        if (_handoff != handoff || owner != _owner)
        {
            return;
        }

        if (_faults && _random.Next(4) == 0)
        {
            Tell(new HandoffInput.CalledOff());
            return;
        }

        Tell(new HandoffInput.GivenAway());
        owner.IsOver = true;
        Say(owner, new ShardInput.Drop("given away"));
        var fate = _faults ? _random.Next(6) : 5;
        if (fate == 0)
        {
            // Lost, or late.
            UnknownOutcomes++;
            _underWay.Add(() =>
            {
                _journal.HandOver(handoff.Epoch, handoff.Id);
                return true;
            });
        }
        else
        {
            _journal.HandOver(handoff.Epoch, handoff.Id);
        }

        var isGiven = _journal.HandoffId == handoff.Id;
        Tell(new HandoffInput.Ended(isGiven));
        _owner = isGiven ? Start(1 - owner.Node) : TakeOver(_random.Next(2));
    }

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"An invariant is broken: {what}.");
        }
    }

    private sealed class Owner(ShardState state, int node)
    {
        public ShardState State { get; } = state;

        public int Node { get; } = node;

        public List<ShardWrite> Queue { get; } = [];

        public bool IsAppending { get; set; }

        public bool IsOver { get; set; }

        public int FailedGeneration { get; set; } = -1;
    }

    private sealed class Command(Guid id, EntityKey entity, object said)
    {
        public Guid Id { get; } = id;

        public EntityKey Entity { get; } = entity;

        public object Said { get; } = said;

        public int Events => Said switch { AddEach each => each.Amounts.Length, _ => 1 };

        public int Attempts { get; set; }

        public int Waiting { get; set; }

        public EntityReply? Answer { get; private set; }

        public void Answered(EntityReply reply, ModelJournal journal)
        {
            Expect(reply.Version <= journal.VersionOf(Entity), $"{Id} was answered before it was durable");
            if (Answer is { } first)
            {
                Expect(
                    (first.Status, first.Code, first.Version) == (reply.Status, reply.Code, reply.Version),
                    $"{Id} was answered {first.Status} at {first.Version}, then {reply.Status} at {reply.Version}");
            }

            Answer ??= reply;
        }
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
