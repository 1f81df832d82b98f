using System.Net.Sockets;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Ports;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>What an exception of the driver says about the statement that raised it.</summary>
internal static class PostgresErrors
{
    public const string QueryCancelled = "57014";

    public static bool IsStoreFault(Exception error) =>
        error is NpgsqlException or SocketException or TimeoutException or IOException or ObjectDisposedException;

    /// <summary>
    /// True when the server said that the statement failed, so that its transaction is rolled back. A FATAL message is no such
    /// answer: a backend that is told to end while it waits for a replica has committed already.
    /// </summary>
    public static bool IsDefinite(Exception error) =>
        error is PostgresException { InvariantSeverity: "ERROR" } answer && !answer.SqlState.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Of a statement that failed: full, read-only, short of resources, cancelled, misconfigured: nothing a single slice is guilty of.</summary>
    public static bool IsOfTheWholeStore(PostgresException error) => error.SqlState[..2] switch
    {
        "25" or "40" or "42" or "53" or "55" or "57" or "58" or "XX" => true,
        _ => false,
    };

    /// <summary>The outcome of a single slice whose statement definitely failed.</summary>
    public static SliceOutcome OfSingleSlice(PostgresException error)
    {
        var detail = $"{error.SqlState} {error.MessageText}";
        if (IsOfTheWholeStore(error))
        {
            return new SliceOutcome(SliceStatus.Unavailable, detail);
        }

        return error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "journal_position" or "journal_sequence" }
            ? new SliceOutcome(SliceStatus.HeadMismatch, detail)
            : new SliceOutcome(SliceStatus.Rejected, detail);
    }

    public static StoreUnavailableException Unavailable(string what, Exception error) =>
        error as StoreUnavailableException ?? new StoreUnavailableException($"{what}: {error.Message}", error);
}
