using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// The part of a shard's step that holds back confirmed reads until the store has said that the shard's row still names this owner and epoch.
/// </summary>
/// <remarks>
/// Why that is enough, whatever this process's clock says: the query begins after the read has come in, so at some moment between the read's invocation
/// and its answer the row was (owner, epoch). Only that owner writes under that epoch, and an epoch never comes back, so up to that moment nobody
/// else had acknowledged anything, and what this owner had acknowledged is in the memory that the read saw. A query that was under way when the read came in says
/// nothing: its moment may lie before a takeover whose first write the caller has already heard of. The lease is compared all the same, as with every
/// answer: a node without one serves nothing.
/// </remarks>
internal static class ConfirmationMachine
{
    /// <summary>A read is decided, and all it saw is durable.</summary>
    public static void Wait(ShardState shard, EntityState entity, ShardInput.Ask ask, EntityReply reply, List<ShardEffect> effects)
    {
        if (shard.Phase != ShardPhase.Running)
        {
            // On its way out: the next owner answers sooner than the store.
            effects.Add(ShardEffect.Complete(ask, AskOutcome.NotOwner));
            return;
        }

        var waiting = shard.Confirmations;
        if (waiting.Count >= shard.Options.ShardQueueLimit)
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.Overloaded("too many reads of the shard wait for the store's confirmation")));
            return;
        }

        entity.Unanswered++;
        waiting.Next.Add(new ConfirmationState.WaitingRead(entity, ask, reply));
        AskForNext(waiting, effects);
    }

    public static void OnConfirmed(ShardState shard, ShardInput.OwnerConfirmed answer, in ShardClock clock, List<ShardEffect> effects)
    {
        var outcome = answer.Outcome switch
        {
            ConfirmationOutcome.Confirmed => clock.MayServe ? (AskOutcome?)null : AskOutcome.NotOwner,
            _ => AskOutcome.StoreUnavailable(answer.Detail),
        };
        var waiting = shard.Confirmations;
        Answer(waiting.Asked, outcome, effects);
        AskForNext(waiting, effects);
    }

    /// <summary>Whether an answer is that of the query under way. A late one, of reads that were sent elsewhere long ago, confirms nobody.</summary>
    public static bool IsExpected(ShardState shard, ShardInput.OwnerConfirmed answer) =>
        shard.Confirmations is { Asked.Count: > 0 } waiting && answer.Batch == waiting.Batch;

    /// <summary>Nobody is confirmed here any more: whoever waits is to ask the next owner.</summary>
    public static void Abandon(ShardState shard, List<ShardEffect> effects)
    {
        Answer(shard.Confirmations.Asked, AskOutcome.NotOwner, effects);
        Answer(shard.Confirmations.Next, AskOutcome.NotOwner, effects);
    }

    private static void AskForNext(ConfirmationState waiting, List<ShardEffect> effects)
    {
        if (waiting.Asked.Count > 0 || waiting.Next.Count == 0)
        {
            return;
        }

        (waiting.Asked, waiting.Next) = (waiting.Next, waiting.Asked);
        effects.Add(ShardEffect.ConfirmOwner(++waiting.Batch));
    }

    /// <param name="outcome">Null: each gets its own reply.</param>
    private static void Answer(List<ConfirmationState.WaitingRead> reads, AskOutcome? outcome, List<ShardEffect> effects)
    {
        foreach (var (entity, ask, reply) in reads)
        {
            entity.Unanswered--;
            effects.Add(ShardEffect.Complete(ask, outcome ?? AskOutcome.Answered(reply)));
        }

        reads.Clear();
    }
}
