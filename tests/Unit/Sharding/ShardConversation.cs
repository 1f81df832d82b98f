using System.Buffers;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>Talks to one shard machine: what is said in, what comes out, in order. Time stands still unless moved.</summary>
internal sealed class ShardConversation
{
    public const string Id = "c-1";

    private readonly IEntityKind _kind;
    private int _ids;

    public ShardConversation(ShardingOptions? options = null, long head = 0, int snapshotEvery = 100)
    {
        _kind = CounterKind.Create(snapshotEvery);
        State = new ShardState(3, 7, options ?? new ShardingOptions(), TimeSpan.TicksPerSecond);
        Say(new ShardInput.Start());
        Say(new ShardInput.HeadRead(head));
    }

    /// <summary>A shard that starts with what was handed to it, under the next epoch.</summary>
    public ShardConversation(WarmShard warm, ShardingOptions? options = null)
    {
        _kind = CounterKind.Create();
        State = new ShardState(3, 8, options ?? new ShardingOptions(), TimeSpan.TicksPerSecond);
        Say(new ShardInput.Start(warm));
    }

    public ShardState State { get; }

    public long Now { get; set; } = 1_000;

    public long LeaseDeadline { get; set; } = long.MaxValue;

    public DateTimeOffset Wall { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Effects of the last thing said.</summary>
    public List<ShardEffect> Effects { get; } = [];

    /// <summary>Writes handed to the lane so far.</summary>
    public List<ShardWrite> Writes { get; } = [];

    public Caller Ask(CounterCommand command, Guid? id = null, bool clientKey = false, int attempt = 0, long? expected = null,
        PayloadHash hash = default, Refusal? precondition = null, string entity = Id, long deadline = long.MaxValue, bool confirmed = false)
    {
        var caller = new Caller();
        Say(new ShardInput.Ask(new EntityKey("counter", entity), _kind, command, id ?? NewId(), deadline, caller)
        {
            IsClientKey = clientKey,
            IsRead = command is Get,
            IsConfirmed = confirmed,
            Attempt = attempt,
            ExpectedVersion = expected,
            Hash = hash,
            Precondition = precondition,
        });
        return caller;
    }

    /// <summary>Answers the recovery asked for last: a counter of this value at this version.</summary>
    public void Recover(int value = 0, long version = 0, bool truncated = false, EntityState? entity = null)
    {
        var memory = new CommandMemory();
        if (truncated)
        {
            memory.MarkTruncated();
        }

        Say(new ShardInput.EntityRecovered(
            entity ?? Recovering(), new RecoveredState(new Counter(value), version, 0, DateTimeOffset.MinValue, memory)));
    }

    public EntityState Recovering() => Effects.Last(effect => effect.Kind == ShardEffectKind.Recover).Entity!;

    public void Durable(ShardWrite write) => Say(new ShardInput.WritesDone(write.Generation, write.Token));

    public void AllDurable() => Durable(Writes[^1]);

    public void Fail(SliceStatus status) => Say(new ShardInput.WritesFailed(State.Generation, new SliceOutcome(status, "told so")));

    /// <summary>The batch whose confirmation was asked for in the last step; null: none was.</summary>
    public long? AskedToConfirm => Effects.Where(effect => effect.Kind == ShardEffectKind.ConfirmOwner).Select(effect => (long?)effect.Batch).SingleOrDefault();

    public void Confirm(long batch, ConfirmationOutcome outcome = ConfirmationOutcome.Confirmed) =>
        Say(new ShardInput.OwnerConfirmed(batch, outcome, "told so"));

    public Guid NewId() => new(++_ids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public void Say(ShardInput input)
    {
        Effects.Clear();
        ShardMachine.Step(State, input, new ShardClock(Now, LeaseDeadline, Wall), Effects);
        foreach (var effect in Effects)
        {
            if (effect.Kind == ShardEffectKind.Complete)
            {
                effect.Ask!.Target.Complete(effect.Outcome);
            }
            else if (effect.Kind == ShardEffectKind.Write)
            {
                Writes.Add(effect.Write!);
            }
        }
    }

    internal sealed class Caller : IAskTarget
    {
        public AskOutcome? Outcome { get; private set; }

        public bool IsWaiting => Outcome is null;

        public EntityReply Reply => Outcome?.Reply ?? throw new InvalidOperationException($"No reply, but {Outcome?.Kind.ToString() ?? "nothing yet"}.");

        public string Body
        {
            get
            {
                var buffer = new ArrayBufferWriter<byte>();
                Reply.Body!.WriteTo(buffer);
                return Encoding.UTF8.GetString(buffer.WrittenSpan);
            }
        }

        public void Complete(AskOutcome outcome)
        {
            Assert.True(Outcome is null, "A caller got two answers.");
            Outcome = outcome;
        }
    }
}
