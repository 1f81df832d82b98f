using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>What a shard reacts to. Answers of the store carry what they were asked for, so that late ones are recognised.</summary>
internal abstract class ShardInput
{
    /// <summary>The shard was acquired under its epoch, by a commit that has returned.</summary>
    public sealed class Start(WarmShard? warm = null) : ShardInput
    {
        /// <summary>What the former owner handed off with exactly this epoch; null: everything is loaded.</summary>
        public WarmShard? Warm { get; } = warm;
    }

    /// <summary>A command or read has arrived.</summary>
    public sealed class Ask(EntityKey entity, IEntityKind kind, object command, Guid commandId, long deadline, IAskTarget target) : ShardInput
    {
        public EntityKey Entity { get; } = entity;

        public IEntityKind Kind { get; } = kind;

        public object Command { get; } = command;

        public Guid CommandId { get; } = commandId;

        /// <summary>Monotonic ticks of this process; past it the ask is dropped before it is decided.</summary>
        public long Deadline { get; } = deadline;

        public IAskTarget Target { get; } = target;

        public bool IsClientKey { get; init; }

        public bool IsRead { get; init; }

        /// <summary>A read that is not answered before the store has said, after its arrival, that the shard is still this owner's.</summary>
        public bool IsConfirmed { get; init; }

        /// <summary>0 for the first try of whoever made the command id.</summary>
        public int Attempt { get; init; }

        public PayloadHash Hash { get; init; }

        public long? ExpectedVersion { get; init; }

        public string ActingUser { get; init; } = "";

        public Refusal? Precondition { get; init; }

        /// <summary>Another copy of this command may exist: the id is a client's, or this is not the first attempt.</summary>
        public bool MayHaveCopies => IsClientKey || Attempt > 0;
    }

    /// <summary>The shard's highest position was read after the takeover committed.</summary>
    public sealed class HeadRead(long position) : ShardInput
    {
        public long Position { get; } = position;
    }

    /// <summary>The head could not be read; the shard cannot start.</summary>
    public sealed class HeadUnreadable(string detail) : ShardInput
    {
        public string Detail { get; } = detail;
    }

    /// <summary>An entity's past was read and folded.</summary>
    public sealed class EntityRecovered(EntityState entity, RecoveredState recovered) : ShardInput
    {
        public EntityState Entity { get; } = entity;

        public RecoveredState Recovered { get; } = recovered;
    }

    /// <summary>An entity's past could not be read (store) or not be folded (data).</summary>
    public sealed class RecoveryFailed(EntityState entity, bool isUnreadable, string detail) : ShardInput
    {
        public EntityState Entity { get; } = entity;

        public bool IsUnreadable { get; } = isUnreadable;

        public string Detail { get; } = detail;
    }

    /// <summary>The journal was asked whether it holds an answer to this command.</summary>
    public sealed class ResultLookedUp(EntityState entity, Guid commandId, StoredResult? found, string? failure) : ShardInput
    {
        public EntityState Entity { get; } = entity;

        public Guid CommandId { get; } = commandId;

        public StoredResult? Found { get; } = found;

        /// <summary>Not null: the store did not answer.</summary>
        public string? Failure { get; } = failure;
    }

    /// <summary>All writes of this generation up to and with this token are durable.</summary>
    public sealed class WritesDone(int generation, long throughToken) : ShardInput
    {
        public int Generation { get; } = generation;

        public long ThroughToken { get; } = throughToken;
    }

    /// <summary>A write of this generation was not confirmed; the lane has discarded everything behind it.</summary>
    public sealed class WritesFailed(int generation, SliceOutcome outcome) : ShardInput
    {
        public int Generation { get; } = generation;

        public SliceOutcome Outcome { get; } = outcome;
    }

    /// <summary>The store was asked whether the shard is still this owner's, under this epoch.</summary>
    public sealed class OwnerConfirmed(long batch, ConfirmationOutcome outcome, string detail = "") : ShardInput
    {
        /// <summary>Of the effect that asked.</summary>
        public long Batch { get; } = batch;

        public ConfirmationOutcome Outcome { get; } = outcome;

        /// <summary>Who owns the shard, or why the store did not answer; for people.</summary>
        public string Detail { get; } = detail;
    }

    /// <summary>Time has passed: look for idle entities.</summary>
    public sealed class Tick(int residentLimit) : ShardInput
    {
        /// <summary>Entities this shard may keep in memory.</summary>
        public int ResidentLimit { get; } = residentLimit;
    }

    /// <summary>Is this entity in memory? Changes nothing.</summary>
    public sealed class Inspect(EntityKey entity, Action<bool> answer) : ShardInput
    {
        public EntityKey Entity { get; } = entity;

        public Action<bool> Answer { get; } = answer;
    }

    /// <summary>How many entities of this kind are in memory? Changes nothing.</summary>
    public sealed class Census(string kind, Action<int> answer) : ShardInput
    {
        public string Kind { get; } = kind;

        public Action<int> Answer { get; } = answer;
    }

    /// <summary>What is in memory of this entity? Changes nothing.</summary>
    public sealed class Look(EntityKey entity, Action<EntityLook> answer) : ShardInput
    {
        public EntityKey Entity { get; } = entity;

        public Action<EntityLook> Answer { get; } = answer;
    }

    /// <summary>Take this entity out of memory, if nothing is under way with it.</summary>
    public sealed class Passivate(EntityKey entity, Action<PassivateOutcome> answer) : ShardInput
    {
        public EntityKey Entity { get; } = entity;

        public Action<PassivateOutcome> Answer { get; } = answer;
    }

    /// <summary>Stop intake, finish what was accepted.</summary>
    public sealed class Drain : ShardInput;

    /// <summary>Copy some of the entities that the target of this handoff does not have as they are.</summary>
    public sealed class CopyOut(string handoffId, bool isNewPass, int most) : ShardInput
    {
        public string HandoffId { get; } = handoffId;

        /// <summary>Look through all entities anew; else go on where the last copy ended.</summary>
        public bool IsNewPass { get; } = isNewPass;

        public int Most { get; } = most;
    }

    /// <summary>Stop intake, finish what was accepted, tell what is left to copy; keep the memory.</summary>
    public sealed class StopIntake(string handoffId) : ShardInput
    {
        public string HandoffId { get; } = handoffId;
    }

    /// <summary>The handoff is off: serve on. Of another handoff than the one that stopped intake it means nothing.</summary>
    public sealed class Resume(string handoffId) : ShardInput
    {
        public string HandoffId { get; } = handoffId;
    }

    /// <summary>Forget everything now.</summary>
    public sealed class Drop(string reason) : ShardInput
    {
        public string Reason { get; } = reason;
    }
}
