using AkkaScale.Entities;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// An entity's part of receiving messages. Invariants: (1) of one sender, numbers are accepted in growing order, and what is accepted was an event that
/// carries its origin, durable before the sender hears of it; (2) what is not above the highest accepted number has no effect, whatever lies between; (3) a
/// sender is forgotten only by the close of everything it has sent.
/// </summary>
/// <remarks>
/// The number, not the command id, tells a copy: command ids are remembered for a window, and a message may be repeated after any time. Messages do not enter
/// the command memory either, where they would push out ids of clients.
/// </remarks>
internal static class InboxMachine
{
    public static void Handle(
        ShardState shard, EntityState entity, ShardInput.Ask ask, in MessageDelivery message, in ShardClock clock, List<ShardEffect> effects)
    {
        var accepted = entity.Engine.Inbox.GetValueOrDefault(message.Sender);
        if (message.IsClose)
        {
            Close(shard, entity, ask, accepted == message.Nr, clock, effects);
            return;
        }

        if (message.Nr <= accepted)
        {
            Acknowledge(entity, ask, clock, effects);
            return;
        }

        var at = EntityMachine.Later(entity.LastAt, clock.Wall);
        var decision = EntityMachine.Judge(shard, entity, ask, at, out _, out var verdict);
        if (verdict != Verdict.OfEntity)
        {
            // Not the entity's word but a fault, or a limit of this engine: the message stays with its sender, who tries again.
            effects.Add(ShardEffect.Complete(ask, AskOutcome.Answered(new EntityReply(
                ReplyStatus.Refused, decision.Refusal!.Code, decision.Refusal.Detail, entity.Version, false, false, null))));
            return;
        }

        EntityMachine.WriteMessage(shard, entity, ask, decision.Events.Count > 0 ? decision : Engine(decision, EngineEvents.Message), at, effects);
    }

    /// <summary>Only the present end of the channel closes it: behind an older one more has been accepted, and a younger one cannot be.</summary>
    private static void Close(
        ShardState shard, EntityState entity, ShardInput.Ask ask, bool isEnd, in ShardClock clock, List<ShardEffect> effects)
    {
        if (isEnd)
        {
            var nothing = new EntityDecision(entity.Current!, [], null);
            EntityMachine.WriteMessage(
                shard, entity, ask, Engine(nothing, EngineEvents.Closed), EntityMachine.Later(entity.LastAt, clock.Wall), effects);
        }
        else
        {
            Acknowledge(entity, ask, clock, effects);
        }
    }

    /// <summary>The acceptance must be durable also where nothing changes: an event of the engine carries it.</summary>
    private static EntityDecision Engine(in EntityDecision decision, string eventType) =>
        decision with { Events = [new EncodedEvent(eventType, EngineEvents.Payload)] };

    /// <summary>A copy of a message whose event is still being written shares its outcome.</summary>
    private static void Acknowledge(EntityState entity, ShardInput.Ask ask, in ShardClock clock, List<ShardEffect> effects)
    {
        var reply = new EntityReply(ReplyStatus.Unchanged, "", "", entity.Version, false, true, null);
        if (entity.LastWrite is { } unsaved)
        {
            entity.Unanswered++;
            unsaved.Hold(ask, reply);
        }
        else
        {
            effects.Add(ShardEffect.Complete(ask, clock.MayServe ? AskOutcome.Answered(reply) : AskOutcome.NotOwner));
        }
    }
}
