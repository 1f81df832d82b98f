using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Cluster.Storage;

/// <summary>What an exception that a session threw says about the database.</summary>
internal static class DatabaseErrors
{
    /// <summary>
    /// True when there was no database to answer, or one that is not ready, or none in time: it may be asked again, on a new session. What a
    /// statement was to change may have been changed.
    /// </summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException refused => refused.InvariantSeverity != "ERROR" || MayPass(refused.SqlState),
        SqliteException { SqliteErrorCode: var code } => code is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED
            or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PROTOCOL,
        _ => error is NpgsqlException or IOException or SocketException or TimeoutException,
    };

    /// <summary>
    /// Deadlock or conflict, no connections or memory left, a lock not had, given up in time or shut down, I/O; and read-only, as a server is
    /// that has been demoted.
    /// </summary>
    private static bool MayPass(string state) =>
        state[..2] is "40" or "53" or "55" or "57" or "58" || state == PostgresErrorCodes.ReadOnlySqlTransaction;
}
