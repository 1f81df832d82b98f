using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Journal.Events;

/// <summary>What can be known about a slice's timers, messages, settlements and remembered entities before the store is asked.</summary>
internal static class CompanionCheck
{
    /// <summary>Null when they may be sent; else why not.</summary>
    public static SliceOutcome? Check(ShardSlice slice)
    {
        if (slice.Timers.Count > 0 && FirstTwice(slice.Timers.Select(change => (change.Entity, change.Name))) is { } timer)
        {
            return Rejected($"timer {timer.Name} of {timer.Entity} is changed twice");
        }

        if (slice.Remembered.Count > 0 && FirstTwice(slice.Remembered.Select(change => change.Entity)) is { } entity)
        {
            return Rejected($"{entity} is remembered or forgotten twice");
        }

        var isStorable = slice.Timers.All(change => SliceCheck.IsStorable(change.Entity) && SliceCheck.IsStorable(change.Name))
            && slice.Messages.All(message => SliceCheck.IsStorable(message.Sender) && SliceCheck.IsStorable(message.Receiver)
                && SliceCheck.IsStorable(message.ActingUser))
            && slice.Settlements.All(settled => SliceCheck.IsStorable(settled.Sender) && SliceCheck.IsStorable(settled.Receiver))
            && slice.Remembered.All(change => SliceCheck.IsStorable(change.Entity));
        return isStorable ? null : Rejected("a timer, message or remembered entity holds text that no store can keep");
    }

    private static T? FirstTwice<T>(IEnumerable<T> keys)
        where T : struct
    {
        var seen = new HashSet<T>();
        foreach (var key in keys)
        {
            if (!seen.Add(key))
            {
                return key;
            }
        }

        return null;
    }

    private static SliceOutcome Rejected(string detail) => new(SliceStatus.Rejected, detail);
}
