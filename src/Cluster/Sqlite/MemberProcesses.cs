namespace AkkaScale.Cluster.Sqlite;

/// <summary>Ends the processes of dead incarnations.</summary>
/// <param name="warn">Is told of it.</param>
internal sealed class MemberProcesses(Action<string>? warn)
{
    /// <remarks>
    /// Only by id and start on this host and boot, in this container; never this very process; and not one that has another incarnation which
    /// is not gone.
    /// </remarks>
    private const string Find =
        """
        SELECT d.process_id, d.process_start FROM node d
        WHERE d.incarnation = $1 AND d.state = 'dead' AND d.host = $2 AND d.process_start > 0 AND NOT EXISTS (
            SELECT 1 FROM node o
            WHERE o.state IN ('live', 'down') AND o.host = d.host AND o.process_id = d.process_id AND o.process_start = d.process_start)
        """;

    public void End(SqliteSession members, string incarnation)
    {
        using var reader = members.Prepare(Find, incarnation, HostProcess.Host).ExecuteReader();
        if (reader.Read())
        {
            var process = new HostProcess(reader.GetInt32(0), reader.GetInt64(1));
            if (process.End())
            {
                warn?.Invoke($"Process {process.Id} of the dead incarnation {incarnation} was ended, so that it can hold nothing.");
            }
        }
    }
}
