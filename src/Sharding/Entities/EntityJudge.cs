using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>Asks the kind, within what is allowed.</summary>
internal static class EntityJudge
{
    public static EntityVerdict Judge(EntityState state, EntityAsk ask, DateTimeOffset at)
    {
        if (ask.Precondition is { } precondition)
        {
            return No(state, ReplyStatus.Refused, precondition);
        }

        if (ask.ExpectedVersion is { } expected && expected != state.Version)
        {
            return No(state, ReplyStatus.VersionMismatch, new Refusal(
                "version/mismatch", $"The entity is at version {state.Version}."));
        }

        EntityDecision decision;
        try
        {
            decision = state.Kind.Decide(
                state.Current, ask.Command, new CommandContext(state.Key.Id, state.Version, ask.ActingUser, at));
        }
        catch (Exception fault)
        {
            // Pure code of the kind failed: nothing has changed, and one command must not stop its neighbours.
            return Fault(state, $"{fault.GetType().Name}: {fault.Message}");
        }

        return decision.Events.Count > 0 ? JudgeEvents(state, ask, decision)
            : decision.Refusal is { } refusal ? No(state, ReplyStatus.Refused, refusal)
            : new EntityVerdict(state.Current, [], ask.IsRead ? ReplyStatus.Accepted : ReplyStatus.Unchanged, null, false);
    }

    private static EntityVerdict JudgeEvents(EntityState state, EntityAsk ask, in EntityDecision decision)
    {
        if (ask.IsRead)
        {
            return Fault(state, "A read must not yield events.");
        }

        foreach (var happened in decision.Events)
        {
            if (happened.Payload.Length > state.Options.EventBytes)
            {
                return No(state, ReplyStatus.Refused, new Refusal(
                    "request/too-large",
                    $"The event {happened.EventType} takes {happened.Payload.Length} bytes; {state.Options.EventBytes} are allowed."));
            }
        }

        return new EntityVerdict(decision.NewState, decision.Events, ReplyStatus.Accepted, null, false);
    }

    private static EntityVerdict No(EntityState state, ReplyStatus status, Refusal refusal) =>
        new(state.Current, [], status, refusal, false);

    private static EntityVerdict Fault(EntityState state, string detail) =>
        new(state.Current, [], ReplyStatus.Refused, new Refusal("entity/failed", detail), true);
}
