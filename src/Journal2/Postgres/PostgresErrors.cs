using System.Net.Sockets;
using AkkaScale.Journal.Writing;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>What an exception of the driver says about the statement that raised it.</summary>
internal static class PostgresErrors
{
    /// <summary>The class "warning". On a statement that wrote it means that the wait for a synchronous replica was cut short.</summary>
    public const string Warning = "01000";

    /// <summary>True when there was no server to answer, or one that is not ready.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException refused => refused.InvariantSeverity != "ERROR" || refused.SqlState[..2] is "25" or "53" or "57" or "58",
        _ => error is NpgsqlException or IOException or SocketException or TimeoutException,
    };

    public static WriteOutcome Classify(Exception error)
    {
        // An ERROR ends the transaction; a FATAL one may reach a backend that has committed and waits for its replica.
        if (error is not PostgresException { InvariantSeverity: "ERROR" } refused)
        {
            return new WriteOutcome.Unknown(error);
        }

        return refused.SqlState[..2] switch
        {
            // Read-only, out of disk or connections, shutting down, I/O: nobody's row is to blame.
            "25" or "53" or "57" or "58" => new WriteOutcome.NotSent(error),
            // Deadlock, serialization, lock not available.
            "40" or "55" => new WriteOutcome.Failed(error, MayPass: true),
            _ => new WriteOutcome.Failed(error, MayPass: false),
        };
    }
}
