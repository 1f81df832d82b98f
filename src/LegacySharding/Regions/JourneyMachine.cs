using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// What a router makes of the outcomes that one command's attempts have: answer, try on, or give up. Pure; the router and the simulation run this
/// very class.
/// </summary>
/// <remarks>
/// Invariant: a definite "no effect" is given to the caller only while no attempt can have taken effect; once one was lost on the way only an entity's
/// answer ends the doubt.
/// </remarks>
internal sealed class JourneyMachine(bool isRead)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>0 for the first; grows only where a copy of the command may be under way.</summary>
    public int Attempt { get; private set; }

    /// <summary>An attempt was lost on the way: the outcome is unknown until an entity answers.</summary>
    public bool MayHaveEffect { get; private set; }

    /// <summary>How long to wait at most before the next attempt.</summary>
    public TimeSpan Pause { get; private set; } = FirstPause;

    /// <summary>Whom to ask; null: nobody is known to serve the shard.</summary>
    public static Incarnation? Destination(ShardMapSnapshot map, int shard, Incarnation self)
    {
        var owner = map[shard].Owner;
        return owner is { } known && (known == self || (map.Members.TryGetValue(known, out var member) && member.IsLive)) ? known : null;
    }

    /// <summary>A store that is away does not come back with a new map.</summary>
    public static bool EndsWaitWithNewerMap(in AskOutcome outcome) => outcome.Kind != AskOutcomeKind.StoreUnavailable;

    /// <summary>The caller's answer, or null: wait and try again.</summary>
    public EntityReply? OnAttempted(in AskOutcome outcome, TimeSpan remaining)
    {
        switch (outcome.Kind)
        {
            case AskOutcomeKind.Answered:
                return outcome.Reply!;
            case AskOutcomeKind.Overloaded when MayHaveEffect:
                // "No effect" would be a lie of the attempt that was lost before: its copy may stand in that very queue.
                return null;
            case AskOutcomeKind.Overloaded:
                return NoAnswer(ReplyStatus.Overloaded, "overloaded", outcome.Detail);
            case AskOutcomeKind.Malformed:
                return NoAnswer(ReplyStatus.Refused, "entity/not-understood", outcome.Detail);
            case AskOutcomeKind.Unknown:
                // Only now may a copy be under way; after the other outcomes there is certainly none.
                MayHaveEffect |= !isRead;
                Attempt++;
                return null;
            case AskOutcomeKind.StoreUnavailable when remaining < LastWord:
                // Another attempt might not be answered in time, and a definite no is worth more than an unknown outcome.
                return GiveUp(outcome);
            default:
                return null;
        }
    }

    /// <summary>There was no room to wait in.</summary>
    public EntityReply OnNoRoom(in AskOutcome outcome) => MayHaveEffect
        ? GiveUp(outcome)
        : NoAnswer(ReplyStatus.ShardUnavailable, "shard/unavailable", "Too many commands wait for this shard to move.");

    /// <summary>A shard that has moved is served within moments: long pauses are for one that nobody serves.</summary>
    public void OnWaited(ShardMapSnapshot before, ShardMapSnapshot now, int shard)
    {
        var longer = Pause * 2 < LongestPause ? Pause * 2 : LongestPause;
        Pause = now[shard].Epoch != before[shard].Epoch ? FirstPause : longer;
    }

    /// <summary>The deadline has passed.</summary>
    public EntityReply GiveUp(in AskOutcome outcome)
    {
        if (MayHaveEffect)
        {
            return NoAnswer(ReplyStatus.DeadlineExceeded, "deadline", "No answer before the deadline; the outcome is unknown.");
        }

        return outcome.Kind switch
        {
            AskOutcomeKind.StoreUnavailable => NoAnswer(ReplyStatus.StoreUnavailable, "store/unavailable", outcome.Detail),
            AskOutcomeKind.NotOwner => NoAnswer(ReplyStatus.ShardUnavailable, "shard/unavailable", "The shard had no reachable owner before the deadline."),
            _ => NoAnswer(ReplyStatus.DeadlineExceeded, "deadline", "The deadline passed before the entity decided."),
        };
    }

    private static EntityReply NoAnswer(ReplyStatus status, string code, string detail) => new(status, code, detail, -1, false, false, null);
}
