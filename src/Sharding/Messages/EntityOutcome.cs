using AkkaScale.Entities;

namespace AkkaScale.Sharding.Messages;

/// <summary>What became of one attempt.</summary>
internal enum OutcomeKind : byte
{
    /// <summary>The entity answered.</summary>
    Answered = 0,

    /// <summary>Nobody who may answer took it: the entity stops or moves, or its process is past its own deadline. Certainly no effect.</summary>
    NotServed = 1,

    /// <summary>It may have taken effect.</summary>
    Unknown = 2,

    /// <summary>A bounded queue was full. No effect.</summary>
    Overloaded = 3,

    /// <summary>The database did not answer a question that had to be asked first. No effect.</summary>
    StoreUnavailable = 4,

    /// <summary>The deadline had passed before the entity decided. No effect.</summary>
    Expired = 5,

    /// <summary>The other process could not read it. No effect.</summary>
    NotUnderstood = 6,
}

/// <summary>Given back for each <see cref="EntityAsk"/>.</summary>
/// <param name="Reply">Not null exactly when it was answered.</param>
internal sealed record EntityOutcome(OutcomeKind Kind, string Detail, EntityReply? Reply)
{
    public static EntityOutcome NotServed { get; } = new(OutcomeKind.NotServed, "", null);

    public static EntityOutcome Expired { get; } = new(OutcomeKind.Expired, "", null);

    public static EntityOutcome Answered(EntityReply reply) => new(OutcomeKind.Answered, "", reply);

    public static EntityOutcome Unknown(string detail) => new(OutcomeKind.Unknown, detail, null);

    public static EntityOutcome Overloaded(string detail) => new(OutcomeKind.Overloaded, detail, null);

    public static EntityOutcome StoreUnavailable(string detail) => new(OutcomeKind.StoreUnavailable, detail, null);

    public static EntityOutcome NotUnderstood(string detail) => new(OutcomeKind.NotUnderstood, detail, null);
}
