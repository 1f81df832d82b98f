using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>What a client makes of the outcomes that one command's attempts have: answer, try on, or give up. Pure.</summary>
/// <remarks>
/// Invariant: a definite "no effect" is given to the caller only while no attempt can have taken effect; once one was lost on the way only an
/// entity's answer ends the doubt.
/// </remarks>
internal sealed class AskMachine(bool isRead, TimeSpan attemptTimeout)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(4);

    private readonly TimeSpan _firstTimeout = attemptTimeout;

    /// <summary>0 for the first; grows only where a copy of the command may be under way.</summary>
    public int Attempt { get; private set; }

    /// <summary>An attempt was lost on the way: the outcome is unknown until an entity answers.</summary>
    public bool MayHaveEffect { get; private set; }

    /// <summary>How long to wait at most before the next attempt.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    /// <summary>How long the attempt under way may take before it is repeated. Grows, so that a busy cluster is not asked ever more.</summary>
    public TimeSpan AttemptTimeout { get; private set; } = attemptTimeout;

    /// <summary>The caller's answer, or null: wait for the pause and try again.</summary>
    public EntityReply? OnOutcome(EntityOutcome outcome, TimeSpan remaining)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Answered:
                return outcome.Reply!;
            case OutcomeKind.Overloaded when !MayHaveEffect:
                return NoAnswer(ReplyStatus.Overloaded, "overloaded", outcome.Detail);
            case OutcomeKind.NotUnderstood when !MayHaveEffect:
                return NoAnswer(ReplyStatus.Refused, "entity/not-understood", outcome.Detail);
            case OutcomeKind.Unknown:
                Pause = Longer(Pause, LongestPause);
                OnLost();
                return null;
            case OutcomeKind.NotServed or OutcomeKind.StoreUnavailable when remaining < LastWord && !isRead && !MayHaveEffect:
                // Another attempt might not be answered in time, and a definite no is worth more than an unknown outcome.
                return GiveUp(outcome);
            default:
                // "No effect" would be a lie of the attempt that was lost before: its copy may stand in that very queue.
                Pause = Longer(Pause, LongestPause);
                return null;
        }
    }

    /// <summary>The attempt has taken its time without an answer.</summary>
    public void OnTimeout()
    {
        AttemptTimeout = Longer(AttemptTimeout, LongestAttempt);
        OnLost();
    }

    /// <summary>The shard has another home, or the member that was its home is gone: the attempt under way may be lost.</summary>
    public void OnHomeChanged()
    {
        (Pause, AttemptTimeout) = (FirstPause, _firstTimeout);
        OnLost();
    }

    /// <summary>The deadline has passed.</summary>
    /// <param name="last">Of the attempt that ended last.</param>
    public EntityReply GiveUp(EntityOutcome last)
    {
        if (MayHaveEffect)
        {
            return NoAnswer(ReplyStatus.DeadlineExceeded, "deadline", "No answer before the deadline; the outcome is unknown.");
        }

        return last.Kind switch
        {
            OutcomeKind.StoreUnavailable => NoAnswer(ReplyStatus.StoreUnavailable, "store/unavailable", last.Detail),
            OutcomeKind.NotServed => NoAnswer(
                ReplyStatus.ShardUnavailable, "shard/unavailable", "Nobody could serve the shard before the deadline."),
            _ => NoAnswer(ReplyStatus.DeadlineExceeded, "deadline", "The deadline passed before the entity decided."),
        };
    }

    public static EntityReply NoAnswer(ReplyStatus status, string code, string detail) => new(status, code, detail, -1, false, false, null);

    private static TimeSpan Longer(TimeSpan time, TimeSpan longest) => time * 2 < longest ? time * 2 : longest;

    private void OnLost()
    {
        MayHaveEffect |= !isRead;
        Attempt++;
    }
}
