using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacyJournal.Events;

/// <summary>Joins what recovery found in the journal and in command_result.</summary>
internal static class RememberedAnswers
{
    /// <summary>Both lists come newest first with up to <paramref name="limit"/> + 1 rows; the surplus row tells that the window holds more.</summary>
    public static RememberedResults Merge(List<StoredResult> fromEvents, List<StoredResult> fromResults, int limit)
    {
        var truncated = fromEvents.Count > limit || fromResults.Count > limit;
        var merged = fromResults.Take(limit).Concat(fromEvents.Take(limit)).Reverse();

        // A stable sort: of answers at the same version and time that of the event comes first, as the event made the version.
        return new RememberedResults([.. merged.OrderBy(result => result.At).ThenBy(result => result.SequenceNr)], truncated);
    }
}
