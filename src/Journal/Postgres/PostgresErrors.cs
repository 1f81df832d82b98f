using System.Net.Sockets;
using AkkaScale.Journal.Writing;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>What an exception of the driver says about the statement that raised it.</summary>
internal static class PostgresErrors
{
    /// <summary>The class "warning". On a statement that wrote it means that the wait for a synchronous replica was cut short.</summary>
    public const string Warning = "01000";

    /// <summary>True when there was no server to answer, or one that is not ready: what was asked may be asked again.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException refused => refused.InvariantSeverity != "ERROR" || IsOfTheServer(refused.SqlState),
        _ => error is NpgsqlException or IOException or SocketException or TimeoutException,
    };

    public static WriteOutcome Classify(Exception error)
    {
        // An ERROR ends the transaction; a FATAL one may reach a backend that has committed and waits for its replica.
        if (error is not PostgresException { InvariantSeverity: "ERROR" } refused)
        {
            return new WriteOutcome.Unknown(error);
        }

        return IsOfTheServer(refused.SqlState)
            ? new WriteOutcome.NotSent(error)
            : new WriteOutcome.Failed(error, MayPass(refused.SqlState));
    }

    /// <summary>Read-only, disk full, no connections left, shutting down, I/O: no row is to blame, and none gets through.</summary>
    private static bool IsOfTheServer(string state) =>
        state is PostgresErrorCodes.DiskFull or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ReadOnlySqlTransaction
        || state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal);

    /// <summary>Deadlock, lock not available, cancelled by a time-out, out of memory: it may pass, or a smaller batch may.</summary>
    private static bool MayPass(string state) => state[..2] is "40" or "53" or "55" or "57";
}
