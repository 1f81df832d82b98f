using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>What is wrong with a slice whatever the store holds; written apart from the product's own check, which it is compared with.</summary>
internal sealed class SliceRules
{
    private readonly Dictionary<EntityKey, long> _heads = [];

    /// <summary>Null when nothing is.</summary>
    public SliceStatus? Find(ShardSlice slice)
    {
        _heads.Clear();
        for (var index = 0; index < slice.Events.Count; index++)
        {
            if (OfEvent(slice, slice.Events[index], index == 0 ? 0 : slice.Events[index - 1].Position) is { } wrong)
            {
                return wrong;
            }
        }

        for (var index = 0; index < slice.Results.Count; index++)
        {
            if (!IsText(slice.Results[index].Entity))
            {
                return SliceStatus.Rejected;
            }
        }

        for (var index = 0; index < slice.Snapshots.Count; index++)
        {
            var snapshot = slice.Snapshots[index];
            if (_heads.TryGetValue(snapshot.Entity, out var head) && snapshot.SequenceNr > head)
            {
                return SliceStatus.HeadMismatch;
            }

            if (snapshot.SequenceNr < 1 || !IsText(snapshot.Entity))
            {
                return SliceStatus.Rejected;
            }
        }

        return null;
    }

    private SliceStatus? OfEvent(ShardSlice slice, JournalEvent row, long before)
    {
        if (row.Shard != slice.Shard || row.Epoch != slice.Epoch)
        {
            return SliceStatus.Rejected;
        }

        if (row.Position < 1 || (before > 0 && row.Position != before + 1))
        {
            return SliceStatus.HeadMismatch;
        }

        if (row.SequenceNr < 1 || (_heads.TryGetValue(row.Entity, out var head) && row.SequenceNr != head + 1))
        {
            return SliceStatus.HeadMismatch;
        }

        _heads[row.Entity] = row.SequenceNr;
        return IsText(row.Entity) && IsText(row.EventType) ? null : SliceStatus.Rejected;
    }

    private static bool IsText(EntityKey entity) => IsText(entity.Kind) && IsText(entity.Id);

    // No NUL, no lone surrogate.
    private static bool IsText(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\0' || char.IsLowSurrogate(text[index]))
            {
                return false;
            }

            if (char.IsHighSurrogate(text[index]) && (++index == text.Length || !char.IsLowSurrogate(text[index])))
            {
                return false;
            }
        }

        return true;
    }
}
