using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>How an incarnation connects. Every session has a connection of its own, for as long as it lives.</summary>
/// <param name="patience">After which a statement is given up.</param>
internal sealed class PostgresConnections(string connectionString, string incarnation, TimeSpan patience) : IDisposable
{
    private readonly NpgsqlDataSource _source = Source(connectionString, incarnation, patience);

    /// <param name="settings">Of the session, besides those that all have.</param>
    public PostgresSession Open(string settings = "")
    {
        // The server gives up first, so that the answer is definite, and this side a little later. The server's look at the socket frees the
        // session lock of a host that has vanished.
        var milliseconds = (long)patience.TotalMilliseconds;
        return PostgresSession.Open(
            _source,
            $"""
            SET statement_timeout = {milliseconds}; SET idle_in_transaction_session_timeout = {milliseconds};
            SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET jit = off; {settings}
            """,
            patience * 1.125);
    }

    public void Dispose() => _source.Dispose();

    private static NpgsqlDataSource Source(string connectionString, string incarnation, TimeSpan patience)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(patience.TotalSeconds));
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Whoever takes over from a dead process finds its connections by this name.
            ApplicationName = incarnation,

            // A session lock in a pooled connection would outlive its session.
            Pooling = false,
            Timeout = seconds,

            // Not what a caller waits for: in the end it frees the thread of a session that was given up.
            CommandTimeout = seconds + 1,

            // A statement that is given up breaks its connection at once: to cancel it first would wait on a connection that may be dead.
            CancellationTimeout = -1,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 2,
            TcpKeepAliveInterval = 1,
            Enlist = false,
        });
    }
}
