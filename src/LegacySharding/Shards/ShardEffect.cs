using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Shards;

internal enum ShardEffectKind : byte
{
    /// <summary>Give the outcome to the ask's target.</summary>
    Complete,

    /// <summary>Hand the write to the shard's lane; order matters.</summary>
    Write,

    /// <summary>Read the shard's head, answer with HeadRead or HeadUnreadable.</summary>
    ReadHead,

    /// <summary>Read and fold the entity, answer with EntityRecovered or RecoveryFailed.</summary>
    Recover,

    /// <summary>Look the command id up in the journal, answer with ResultLookedUp.</summary>
    LookUpResult,

    /// <summary>Ask the store, in a query that begins after this effect, whether the shard is still this owner's; answer with OwnerConfirmed and the batch.</summary>
    ConfirmOwner,

    /// <summary>Entities were copied for the handoff under way, or the shard has settled.</summary>
    Copied,

    /// <summary>Everything accepted is settled and the memory is gone.</summary>
    Drained,

    /// <summary>The shard gave up by itself; it needs a new epoch.</summary>
    Stopped,
}

/// <summary>One effect of a step. Which fields are set follows from the kind.</summary>
internal readonly record struct ShardEffect(
    ShardEffectKind Kind,
    ShardInput.Ask? Ask = null,
    AskOutcome Outcome = default,
    ShardWrite? Write = null,
    EntityState? Entity = null,
    Guid CommandId = default,
    string Reason = "",
    ShardCopies? Copies = null,
    long Batch = 0)
{
    public static ShardEffect Complete(ShardInput.Ask ask, AskOutcome outcome) => new(ShardEffectKind.Complete, ask, outcome);

    public static ShardEffect Append(ShardWrite write) => new(ShardEffectKind.Write, Write: write);

    public static ShardEffect ReadHead { get; } = new(ShardEffectKind.ReadHead);

    public static ShardEffect Recover(EntityState entity) => new(ShardEffectKind.Recover, Entity: entity);

    public static ShardEffect LookUpResult(EntityState entity, Guid commandId) =>
        new(ShardEffectKind.LookUpResult, Entity: entity, CommandId: commandId);

    public static ShardEffect ConfirmOwner(long batch) => new(ShardEffectKind.ConfirmOwner, Batch: batch);

    public static ShardEffect Copied(ShardCopies copies) => new(ShardEffectKind.Copied, Copies: copies);

    public static ShardEffect Drained { get; } = new(ShardEffectKind.Drained);

    public static ShardEffect Stopped(string reason) => new(ShardEffectKind.Stopped, Reason: reason);
}
