using Akka.Actor;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Entities;

/// <summary>What an entity reacts to. The answers of others are also the messages by which its actor hears them.</summary>
internal abstract record EntityInput : INoSerializationVerificationNeeded
{
    private EntityInput()
    {
    }

    internal sealed record Ask(WaitingAsk Asked) : EntityInput;

    /// <summary>The oldest write under way is in the journal.</summary>
    internal sealed record Durable(EntityWrite Write) : EntityInput;

    /// <summary>Answers <see cref="EntityEffect.LookUp"/>.</summary>
    /// <param name="Found">Null: it was never answered, or the journal did not say.</param>
    /// <param name="Failure">Null when the journal said.</param>
    internal sealed record LookedUp(Guid CommandId, RememberedCommand? Found, string? Failure) : EntityInput;

    /// <summary>Answers <see cref="EntityEffect.Confirm"/>.</summary>
    /// <param name="IsOwner">Null: the database did not say.</param>
    internal sealed record Confirmed(long Batch, bool? IsOwner, string Detail) : EntityInput;

    /// <summary>Take nothing more, finish what is being written.</summary>
    internal sealed record Stop : EntityInput;

    /// <summary>The actor ends, now: a write failed, or somebody stopped it.</summary>
    internal sealed record Ended(string Detail) : EntityInput;
}
