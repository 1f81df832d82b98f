using System.Buffers;
using System.Text;
using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>Talks to one entity's machine: what is said in, what comes out, in order. Time stands still unless moved.</summary>
internal sealed class EntityConversation
{
    public static readonly EntityKey Key = new("counter", "c-1");

    private readonly Dictionary<WaitingAsk, Caller> _callers = [];
    private readonly EntityShardingOptions _options;
    private readonly IEntityKind _kind;
    private int _ids;
    private int _savedAt;

    public EntityConversation(EntityShardingOptions? options = null, int snapshotEvery = 100)
    {
        _options = options ?? new EntityShardingOptions();
        _kind = CounterKind.Create(snapshotEvery);
        State = new EntityFold(Key, _kind, _options).Finish();
    }

    public EntityState State { get; private set; }

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1_000);

    public DateTimeOffset Wall { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public bool MayServe { get; set; } = true;

    /// <summary>Effects of the last thing said.</summary>
    public List<EntityEffect> Effects { get; } = [];

    /// <summary>Rows of writes that were confirmed: the journal.</summary>
    public List<object> Journal { get; } = [];

    /// <summary>Writes asked for and not confirmed, oldest first.</summary>
    public Queue<EntityWrite> UnderWay { get; } = new();

    /// <summary>Answers in the order in which they left.</summary>
    public List<Caller> Answered { get; } = [];

    /// <summary>The latest that was asked for.</summary>
    public EntityMemorySnapshot? Snapshot { get; private set; }

    public Guid? LookedUp => Effects.OfType<EntityEffect.LookUp>().SingleOrDefault()?.CommandId;

    public long? AskedToConfirm => Effects.OfType<EntityEffect.Confirm>().SingleOrDefault()?.Batch;

    public bool HasStopped { get; private set; }

    public Caller Ask(
        CounterCommand command, Guid? id = null, bool clientKey = false, int attempt = 0, long? expected = null, PayloadHash hash = default,
        Refusal? precondition = null, TimeSpan? deadline = null, bool confirmed = false)
    {
        var asked = new WaitingAsk(
            new EntityAsk(Key, command, id ?? NewId(), deadline ?? TimeSpan.MaxValue)
            {
                IsClientKey = clientKey,
                IsRead = command is Get,
                IsConfirmed = confirmed,
                Attempt = attempt,
                ExpectedVersion = expected,
                Hash = hash,
                Precondition = precondition,
            },
            ActorRefs.Nobody);
        var caller = new Caller();
        _callers.Add(asked, caller);
        Say(new EntityInput.Ask(asked));
        return caller;
    }

    public void Durable()
    {
        var write = UnderWay.Dequeue();
        Journal.AddRange(write.Rows);
        Say(new EntityInput.Durable(write));
    }

    public void AllDurable()
    {
        while (UnderWay.Count > 0)
        {
            Durable();
        }
    }

    public void Stop() => Say(new EntityInput.Stop());

    /// <summary>The actor ends; of what was being written the first so many rows were written all the same.</summary>
    public void End(int writesThatTookEffect = 0)
    {
        foreach (var write in UnderWay.Take(writesThatTookEffect))
        {
            Journal.AddRange(write.Rows);
        }

        UnderWay.Clear();
        Say(new EntityInput.Ended("told so"));
    }

    public void Confirm(long batch, bool? isOwner = true) => Say(new EntityInput.Confirmed(batch, isOwner, "told so"));

    public void Answer(Guid lookedUp, string? failure = null) =>
        Say(new EntityInput.LookedUp(lookedUp, failure is null ? Find(lookedUp) : null, failure));

    /// <summary>The next incarnation, from the latest snapshot or from the first row.</summary>
    public void Restart(bool fromSnapshot = true)
    {
        var fold = new EntityFold(Key, _kind, _options);
        var rows = Journal.AsEnumerable();
        if (fromSnapshot && Snapshot is { } snapshot)
        {
            fold.Add(snapshot);
            rows = Journal.Skip(_savedAt);
        }

        foreach (var row in rows)
        {
            fold.Add(row);
        }

        State = fold.Finish();
        UnderWay.Clear();
        HasStopped = false;
    }

    public Guid NewId() => new(++_ids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private RememberedCommand? Find(Guid commandId) => Journal
        .Select(row => row is EntityEvent happened ? happened.Answered : ((EntityAnswered)row).Answered)
        .FirstOrDefault(answered => answered?.CommandId == commandId);

    private void Say(EntityInput input)
    {
        Effects.Clear();
        EntityMachine.Step(State, input, new EntityClock(Now, Wall, MayServe), Effects);
        foreach (var effect in Effects)
        {
            switch (effect)
            {
                case EntityEffect.Tell(var asked, var outcome):
                    _callers[asked].Complete(outcome);
                    Answered.Add(_callers[asked]);
                    break;
                case EntityEffect.Persist(var write):
                    Assert.False(HasStopped, "It writes after it has stopped.");
                    UnderWay.Enqueue(write);
                    break;
                case EntityEffect.SaveSnapshot(var snapshot):
                    (Snapshot, _savedAt) = (snapshot, Journal.Count);
                    break;
                case EntityEffect.Stop:
                    HasStopped = true;
                    break;
            }
        }

        Assert.True(State.Unanswered >= 0, "It counts more answers than asks.");
    }

    internal sealed class Caller
    {
        public EntityOutcome? Outcome { get; private set; }

        public bool IsWaiting => Outcome is null;

        public EntityReply Reply => Outcome?.Reply
            ?? throw new InvalidOperationException($"No reply, but {Outcome?.Kind.ToString() ?? "nothing yet"}.");

        public string Body
        {
            get
            {
                var buffer = new ArrayBufferWriter<byte>();
                Reply.Body!.WriteTo(buffer);
                return Encoding.UTF8.GetString(buffer.WrittenSpan);
            }
        }

        public void Complete(EntityOutcome outcome)
        {
            Assert.True(Outcome is null, "A caller got two answers.");
            Outcome = outcome;
        }
    }
}
