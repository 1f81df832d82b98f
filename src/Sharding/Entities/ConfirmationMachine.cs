using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// The part of an entity's step that holds back confirmed reads until the database has said that the shard's lease is still this process's.
/// </summary>
/// <remarks>
/// Why that is enough, whatever this process's clock says: the query begins after the read has come in, so at some moment between the
/// read's invocation and its answer the lease was this process's. Only its holder writes, so up to that moment nobody else had acknowledged
/// anything, and what this process had acknowledged is in the memory that the read saw. A query that was under way when the read came in
/// says nothing: its moment may lie before a takeover whose first write the caller has already heard of. The deadline is compared all the
/// same, as with every answer.
/// </remarks>
internal static class ConfirmationMachine
{
    /// <summary>A read is decided, and all it saw is durable.</summary>
    public static void Wait(EntityState state, WaitingAsk asked, EntityReply reply, List<EntityEffect> effects)
    {
        if (state.IsStopping)
        {
            // On its way out: the next owner answers sooner than the database.
            Tell(state, asked, EntityOutcome.NotServed, effects);
            return;
        }

        state.Confirmations.Next.Add((asked, reply));
        AskForNext(state.Confirmations, effects);
    }

    public static void OnConfirmed(
        EntityState state, EntityInput.Confirmed confirmed, in EntityClock clock, List<EntityEffect> effects)
    {
        var waiting = state.Confirmations;
        if (waiting.Asked.Count == 0 || confirmed.Batch != waiting.Batch)
        {
            return;
        }

        var failure = confirmed.IsOwner switch
        {
            null => EntityOutcome.StoreUnavailable(confirmed.Detail),
            true when clock.MayServe => null,
            _ => EntityOutcome.NotServed,
        };
        Answer(state, waiting.Asked, failure, effects);
        AskForNext(waiting, effects);
    }

    /// <summary>Nobody is confirmed here any more: whoever waits is to ask the next owner.</summary>
    public static void Abandon(EntityState state, List<EntityEffect> effects)
    {
        Answer(state, state.Confirmations.Asked, EntityOutcome.NotServed, effects);
        Answer(state, state.Confirmations.Next, EntityOutcome.NotServed, effects);
    }

    private static void AskForNext(ConfirmationState waiting, List<EntityEffect> effects)
    {
        if (waiting.Asked.Count > 0 || waiting.Next.Count == 0)
        {
            return;
        }

        (waiting.Asked, waiting.Next) = (waiting.Next, waiting.Asked);
        effects.Add(new EntityEffect.Confirm(++waiting.Batch));
    }

    /// <param name="failure">Null: each gets its own reply.</param>
    private static void Answer(
        EntityState state, List<(WaitingAsk Asked, EntityReply Reply)> reads, EntityOutcome? failure, List<EntityEffect> effects)
    {
        foreach (var (asked, reply) in reads)
        {
            Tell(state, asked, failure ?? EntityOutcome.Answered(reply), effects);
        }

        reads.Clear();
    }

    private static void Tell(EntityState state, WaitingAsk asked, EntityOutcome outcome, List<EntityEffect> effects)
    {
        state.Unanswered--;
        effects.Add(new EntityEffect.Tell(asked, outcome));
    }
}
