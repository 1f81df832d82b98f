namespace AkkaScale.LegacyJournal.Care;

/// <param name="HasCommand">A command or a library is set; without one segments pile up.</param>
/// <param name="Timeout">Longest time until a segment that is not full is archived; zero: never.</param>
/// <param name="LastArchived">Null: nothing yet.</param>
/// <param name="LastFailed">Null: nothing failed.</param>
public sealed record PostgresArchive(bool HasCommand, TimeSpan Timeout, DateTimeOffset? LastArchived, DateTimeOffset? LastFailed, long Failures)
{
    /// <summary>The last attempt did not succeed.</summary>
    public bool IsFailing => LastFailed is { } failed && (LastArchived is not { } archived || failed > archived);
}
