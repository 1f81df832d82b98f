using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>What an entity wants done, in this order.</summary>
internal abstract record EntityEffect
{
    private EntityEffect()
    {
    }

    /// <summary>Each ask gets exactly one.</summary>
    internal sealed record Tell(WaitingAsk Asked, EntityOutcome Outcome) : EntityEffect;

    /// <summary>Answered by <see cref="EntityInput.Durable"/>, in order, or by <see cref="EntityInput.Ended"/>.</summary>
    internal sealed record Persist(EntityWrite Write) : EntityEffect;

    /// <summary>To be saved at the order number of the write that has just become durable.</summary>
    internal sealed record SaveSnapshot(EntityMemorySnapshot Snapshot) : EntityEffect;

    /// <summary>Was this command answered before? Answered by <see cref="EntityInput.LookedUp"/>.</summary>
    internal sealed record LookUp(Guid CommandId) : EntityEffect;

    /// <summary>
    /// Is this process the owner, by the database, at a moment from now on? Answered by <see cref="EntityInput.Confirmed"/>.
    /// </summary>
    internal sealed record Confirm(long Batch) : EntityEffect;

    /// <summary>Nothing is in flight any more.</summary>
    internal sealed record Stop : EntityEffect;
}
