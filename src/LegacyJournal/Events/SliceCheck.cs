using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacyJournal.Events;

/// <summary>
/// What can be known about a slice before the store is asked: that it is one slice of its shard, contiguous in itself and
/// encodable. The store then needs to check only the head of the shard and the head of each entity.
/// </summary>
internal static class SliceCheck
{
    /// <summary>Null when the slice may be sent; else why not.</summary>
    public static SliceOutcome? Check(ShardSlice slice, Dictionary<EntityKey, long> heads)
    {
        heads.Clear();
        long? position = null;
        foreach (var happened in slice.Events)
        {
            if (happened.Shard != slice.Shard || happened.Epoch != slice.Epoch)
            {
                return Rejected($"{happened.Entity} is of shard {happened.Shard} epoch {happened.Epoch}, the slice of shard {slice.Shard} epoch {slice.Epoch}");
            }

            if (happened.Position < 1 || (position is { } before && happened.Position != before + 1))
            {
                return Mismatch($"position {happened.Position} after {position}");
            }

            position = happened.Position;
            if (happened.SequenceNr < 1 || (heads.TryGetValue(happened.Entity, out var head) && happened.SequenceNr != head + 1))
            {
                return Mismatch($"{happened.Entity}: sequence number {happened.SequenceNr} after {heads.GetValueOrDefault(happened.Entity)}");
            }

            heads[happened.Entity] = happened.SequenceNr;
            if (!IsStorable(happened.Entity) || !IsStorable(happened.EventType))
            {
                return Rejected($"{happened.EventType} of {happened.Entity.Kind} holds text that no store can keep");
            }
        }

        foreach (var result in slice.Results)
        {
            if (!IsStorable(result.Entity))
            {
                return Rejected($"a result of {result.Entity.Kind} holds an id that no store can keep");
            }
        }

        foreach (var snapshot in slice.Snapshots)
        {
            if (heads.TryGetValue(snapshot.Entity, out var head) && snapshot.SequenceNr > head)
            {
                return Mismatch($"{snapshot.Entity}: snapshot at {snapshot.SequenceNr}, head {head}");
            }

            if (snapshot.SequenceNr < 1 || !IsStorable(snapshot.Entity))
            {
                return Rejected($"a snapshot of {snapshot.Entity.Kind} has sequence number {snapshot.SequenceNr} or an id that no store can keep");
            }
        }

        return null;
    }

    /// <summary>
    /// Checks a whole batch. Returns the indices of the slices to send, ordered by shard as the owner rows must be locked;
    /// the outcomes of the others are filled in.
    /// </summary>
    public static List<int> Sendable(IReadOnlyList<ShardSlice> slices, SliceOutcome[] outcomes)
    {
        var sendable = new List<int>(slices.Count);
        var shards = new HashSet<int>(slices.Count);
        var heads = new Dictionary<EntityKey, long>();
        for (var index = 0; index < slices.Count; index++)
        {
            var slice = slices[index];
            if (!shards.Add(slice.Shard))
            {
                outcomes[index] = Rejected($"shard {slice.Shard} is in the batch twice");
            }
            else if (Check(slice, heads) is { } refused)
            {
                outcomes[index] = refused;
            }
            else
            {
                sendable.Add(index);
            }
        }

        sendable.Sort((left, right) => slices[left].Shard.CompareTo(slices[right].Shard));
        return sendable;
    }

    // PostgreSQL takes no NUL in text, and neither store a lone surrogate: both would be found out only when the batch is half sent.
    public static bool IsStorable(string text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        if (Ascii.IsValid(text))
        {
            return true;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsStorable(EntityKey entity) => IsStorable(entity.Kind) && IsStorable(entity.Id);

    private static SliceOutcome Mismatch(string detail) => new(SliceStatus.HeadMismatch, detail);

    private static SliceOutcome Rejected(string detail) => new(SliceStatus.Rejected, detail);
}
