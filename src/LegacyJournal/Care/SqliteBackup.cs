using System.Collections.Immutable;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyJournal.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>
/// Copies the embedded store with SQLite's online backup. A reading transaction is held for as long as it takes, so that the copy is of one moment although nodes
/// go on writing; without it every write of another process would begin the copy anew. The journal goes first: the cluster's file, which comes after
/// it, registers every event type before its first event.
/// </summary>
internal static class SqliteBackup
{
    private const int PagesAtATime = 1_000;
    private static readonly string[] Files = ["journal.db", "cluster.db"];

    public static BackupContents Copy(string source, string target, Action<long, long> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        var sizes = Files.Select(file => new FileInfo(Path.Combine(source, file)).Length).ToArray();
        Check(target, sizes.Sum());
        var done = 0L;
        for (var index = 0; index < Files.Length; index++)
        {
            var (before, size) = (done, sizes[index]);
            CopyFile(
                Path.Combine(source, Files[index]), Path.Combine(target, Files[index]),
                share => progress(before + (long)(size * share), Math.Max(1, sizes.Sum())), cancellationToken);
            done += size;
        }

        return Contents(target);
    }

    /// <summary>What a store in this directory holds; no node may run on it.</summary>
    private static BackupContents Contents(string directory)
    {
        using var connection = SqliteFiles.Open(Path.Combine(directory, "journal.db"), isReader: true);
        var identity = SqliteReaders.Query(connection, SqliteOpening.IdentitySql, SqliteOpening.Identity)[0];
        var heads = ImmutableArray.CreateBuilder<long>(identity.ShardCount);
        DateTimeOffset? last = null;
        for (var shard = 0; shard < identity.ShardCount; shard++)
        {
            // By the primary key, so that the journal is not read through: each shard's last row.
            var head = SqliteReaders.Query(
                connection, "SELECT position, at FROM journal WHERE shard = $1 ORDER BY position DESC LIMIT 1",
                row => (Position: row.GetInt64(0), At: SqliteValues.At(row, 1)), shard);
            heads.Add(head.Count == 0 ? 0 : head[0].Position);
            last = head.Count == 0 || last > head[0].At ? last : head[0].At;
        }

        return new BackupContents(identity, heads.MoveToImmutable(), last, Files.Sum(file => new FileInfo(Path.Combine(directory, file)).Length));
    }

    private static void Check(string target, long bytes)
    {
        var free = new DriveInfo(Path.GetFullPath(target)).AvailableFreeSpace;
        if (free < bytes + (bytes / 10))
        {
            throw new StoreUnavailableException(
                $"The copy needs {bytes / 1024 / 1024:N0} MiB and {target} has room for {free / 1024 / 1024:N0} MiB: make room, or set Store:BackupPath to another disk.");
        }
    }

    private static void CopyFile(string source, string target, Action<double> progress, CancellationToken cancellationToken)
    {
        using (var from = SqliteFiles.Open(source, isReader: true))
        using (var to = SqliteFiles.Open(target, isReader: false))
        {
            SqliteFiles.Execute(from, "BEGIN");
            SqliteReaders.Query(from, "SELECT count(*) FROM sqlite_master", row => row.GetInt64(0));
            CopyPages(from, to, progress, cancellationToken);

            // One file each, without a log beside it that somebody might leave behind.
            SqliteFiles.Execute(to, "PRAGMA journal_mode = DELETE");
        }

        using var file = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    private static void CopyPages(SqliteConnection from, SqliteConnection to, Action<double> progress, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        if (backup.IsInvalid)
        {
            throw new StoreUnavailableException($"The copy cannot be begun: {raw.sqlite3_errmsg(to.Handle).utf8_to_string()}");
        }

        int state;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            state = raw.sqlite3_backup_step(backup, PagesAtATime);
            var pages = raw.sqlite3_backup_pagecount(backup);
            progress(pages == 0 ? 0 : 1 - ((double)raw.sqlite3_backup_remaining(backup) / pages));
        }
        while (state == raw.SQLITE_OK);

        if (state != raw.SQLITE_DONE)
        {
            throw new StoreUnavailableException($"The copy ended early: {raw.sqlite3_errstr(state).utf8_to_string()}");
        }
    }
}
