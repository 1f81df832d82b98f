using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>What an error of SQLite says about the statement that raised it.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Full = 13;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;

    public static bool IsStoreFault(Exception error) => error is SqliteException or IOException or UnauthorizedAccessException or TimeoutException;

    /// <summary>An error that one slice is guilty of; null when it is of the whole store.</summary>
    public static SliceOutcome? OfSlice(SqliteException error) => error.SqliteErrorCode switch
    {
        Constraint when error.Message.Contains("failed: journal.", StringComparison.Ordinal) => new(SliceStatus.HeadMismatch, error.Message),
        Constraint or TooBig or Mismatch => new(SliceStatus.Rejected, error.Message),
        _ => null,
    };

    /// <summary>
    /// True when a failed COMMIT has certainly not committed. Frames are written to the log in order, that of the commit last; when the
    /// disk is full the last one is not there. After any other fault it may be, and be found when the log is next recovered.
    /// </summary>
    public static bool IsDefiniteAtCommit(SqliteException error) => error.SqliteErrorCode is Busy or ReadOnly or Full;

    public static StoreUnavailableException Unavailable(string what, Exception error) =>
        error as StoreUnavailableException ?? new StoreUnavailableException($"{what}: {error.Message}", error);
}
