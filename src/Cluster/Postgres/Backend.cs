namespace AkkaScale.Cluster.Postgres;

/// <summary>A server process: its id alone may be another's later.</summary>
internal sealed record Backend(int ProcessId, DateTime StartedAt)
{
    public const string Sql = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()";
}
