using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>What became of one attempt to deliver an ask.</summary>
internal enum AskOutcomeKind : byte
{
    /// <summary>The entity answered; see the reply.</summary>
    Answered = 0,

    /// <summary>This node does not serve the shard now. No effect.</summary>
    NotOwner = 1,

    /// <summary>The shard or the way to it was lost in between. There may be an effect: ask again with the same command id.</summary>
    Unknown = 2,

    /// <summary>A bounded queue was full. No effect.</summary>
    Overloaded = 3,

    /// <summary>The store could not be read, or definitely took nothing. No effect.</summary>
    StoreUnavailable = 4,

    /// <summary>The deadline passed before the entity decided. No effect.</summary>
    Expired = 5,

    /// <summary>The receiver cannot read the ask: unknown kind or command. No effect.</summary>
    Malformed = 6,
}

/// <param name="Detail">For people; empty when answered.</param>
internal readonly record struct AskOutcome(AskOutcomeKind Kind, EntityReply? Reply, string Detail)
{
    public static AskOutcome Answered(EntityReply reply) => new(AskOutcomeKind.Answered, reply, "");

    public static AskOutcome NotOwner { get; } = new(AskOutcomeKind.NotOwner, null, "");

    public static AskOutcome Unknown(string detail) => new(AskOutcomeKind.Unknown, null, detail);

    public static AskOutcome Overloaded(string detail) => new(AskOutcomeKind.Overloaded, null, detail);

    public static AskOutcome StoreUnavailable(string detail) => new(AskOutcomeKind.StoreUnavailable, null, detail);

    public static AskOutcome Expired { get; } = new(AskOutcomeKind.Expired, null, "");
}

/// <summary>Where an outcome goes. Called once, from the shard's step; must not block.</summary>
internal interface IAskTarget
{
    void Complete(AskOutcome outcome);
}
