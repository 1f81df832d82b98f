using AkkaScale.Cluster.Inspection;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Management.Doctor;

/// <summary>Would PostgreSQL keep what was acknowledged, and take all nodes that there are?</summary>
internal static class PostgresRules
{
    /// <summary>What a node opens at most: for its signs of life, leases, members, audit, decisions and journal, and for recoveries.</summary>
    private const int ConnectionsEach = 16;

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => facts.Store?.Postgres is { } server
        ? Durability(server).Concat(Pooler(server)).Concat(Replicas(server)).Concat(Archive(server)).Concat(Connections(server, facts))
        : [];

    private static IEnumerable<Finding> Archive(PostgresFacts server)
    {
        if (server.Archive is not { } archive)
        {
            yield return new Finding(
                "store/no-archive", Severity.Notice, "Log segments are not archived", "archive_mode is off.",
                "A base backup restores the moment it was taken; everything after it is lost with the server and its replicas.",
                "Set archive_mode=on and archive_command (or archive_library), and restart the server.");
            yield break;
        }

        if (!archive.HasCommand)
        {
            yield return new Finding(
                "store/archive-without-command", Severity.Critical, "The archive has no command",
                "archive_mode is on, archive_command and archive_library are empty.",
                "Segments are kept until somebody archives them: the disk fills, and then nothing can be written.",
                "Set archive_command, or archive_mode=off.");
        }

        if (archive.IsFailing)
        {
            yield return new Finding(
                "store/archive-fails", Severity.Critical, "Archiving fails",
                $"The last attempt, at {archive.LastFailed:u}, failed ({archive.Failures} failures so far); the last success: {(archive.LastArchived is { } last ? last.ToString("u") : "none")}.",
                "Segments pile up until the disk is full, and a restore ends at the last success.",
                "Read the server's log for what archive_command says, and mend it.");
        }

        if (archive.HasCommand && archive.Timeout == TimeSpan.Zero)
        {
            yield return new Finding(
                "store/archive-timeout", Severity.Notice, "A quiet cluster archives late", "archive_timeout is 0.",
                "A segment is archived when it is full: on a quiet day the archive is hours behind.",
                "Set archive_timeout, 60 s for example.");
        }
    }

    private static IEnumerable<Finding> Durability(PostgresFacts server)
    {
        if (!server.Fsync || server.SynchronousCommit is not ("on" or "remote_apply"))
        {
            yield return new Finding(
                "store/not-durable", Severity.Critical, "Acknowledged events may be lost",
                $"fsync is {(server.Fsync ? "on" : "off")}, synchronous_commit is {server.SynchronousCommit}.",
                "A crash of the server loses what callers were told is done. A node that starts now refuses this server.",
                "Set fsync=on and synchronous_commit=on, and reload.");
        }

        if (!server.FullPageWrites)
        {
            yield return new Finding(
                "store/torn-pages", Severity.Critical, "A crash may leave torn pages", "full_page_writes is off.",
                "A page that was half written when the power went cannot be mended from the log: the journal is damaged.",
                "Set full_page_writes=on and reload; leave it off only on a file system that never tears an 8 kB page.");
        }

        if (!server.Checksums)
        {
            yield return new Finding(
                "store/no-checksums", Severity.Notice, "Pages have no checksums", "data_checksums is off.",
                "A disk that returns other bytes than were written is noticed late, or by nobody.",
                "Stop the server and run pg_checksums --enable, or make the next one with initdb --data-checksums.");
        }
    }

    private static IEnumerable<Finding> Pooler(PostgresFacts server)
    {
        if (server.IsPooled)
        {
            yield return new Finding(
                "store/pooler", Severity.Critical, "A pooling proxy stands before the database", "The connection's server process is another than it says.",
                "Session locks are not this process's, and an unknown outcome cannot be settled. A node that starts now refuses it.",
                "Connect to PostgreSQL directly.");
        }
    }

    private static IEnumerable<Finding> Replicas(PostgresFacts server)
    {
        var synchronous = server.Replicas.Where(replica => replica is { State: "streaming", SyncState: "sync" or "quorum" }).ToArray();
        if (server.SynchronousStandbyNames.Length > 0 && synchronous.Length == 0)
        {
            yield return new Finding(
                "store/standby-missing", Severity.Critical, "No synchronous replica is there",
                $"synchronous_standby_names is \"{server.SynchronousStandbyNames}\", and no replica of those names streams.",
                "Every write waits for a replica that is not there: commands end without an answer.",
                "Bring the replica back; or give the promise up for now: synchronous_standby_names='' and reload.");
        }

        if (server.SynchronousStandbyNames.Length == 0 && server.Replicas.Count > 0)
        {
            var lag = server.Replicas.Max(replica => replica.LagBytes);
            yield return new Finding(
                "store/asynchronous-replicas", Severity.Warning, "Replicas may lack the last events",
                $"{Counted.Of(server.Replicas.Count, "replica follows", "replicas follow")} asynchronously, the last {lag:N0} bytes behind.",
                "If the server is lost and a replica takes its place, events that were acknowledged shortly before are lost.",
                "Name one in synchronous_standby_names and reload; an append then waits for it.");
        }

        if (server.SynchronousStandbyNames.Length == 0 && server.Replicas.Count == 0)
        {
            yield return new Finding(
                "store/no-replica", Severity.Notice, "The database stands alone", "No replica follows this server, or this user may not see it.",
                "The loss of its disk loses everything since the last backup and what was archived.",
                "Add a replica and name it in synchronous_standby_names; at least archive (see store/no-archive).");
        }
    }

    private static IEnumerable<Finding> Connections(PostgresFacts server, DoctorFacts facts)
    {
        var room = server.MaxConnections - server.ReservedConnections;
        var members = facts.Nodes.Count;
        var needed = ConnectionsEach * members;
        if (server.Connections >= room * 0.9)
        {
            yield return new Finding(
                "store/connections-exhausted", Severity.Critical, "Hardly a connection is left",
                $"{server.Connections} of {room} connections are taken.",
                "A node that restarts, or reconnects after a fault, does not get in.",
                "Raise max_connections and restart the server, or end what else is connected.");
        }
        else if (needed + ConnectionsEach > room)
        {
            yield return new Finding(
                "store/connections-short", Severity.Warning, "There is no room for another node",
                $"{members} nodes may open {ConnectionsEach} connections each, {needed} in all; the server takes {room}.",
                "While a node is replaced both the old and the new are connected: one of them does not get in.",
                "Raise max_connections and restart the server.");
        }
    }
}
