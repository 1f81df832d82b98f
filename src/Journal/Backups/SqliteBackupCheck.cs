using System.Data.Common;
using System.Globalization;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Schema;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Schema;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Journal.Verification;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Backups;

/// <summary>Looks through a backup, which it only reads: pages, schema, and what must hold of a journal.</summary>
internal static class SqliteBackupCheck
{
    private const int MostProblems = 10;
    private static readonly string[] OfJournal = ["journal", "snapshot", "lease"];
    private static readonly string[] OfMembers = ["cluster", "node"];
    private static readonly byte[] Header = "SQLite format 3\0"u8.ToArray();

    public static async Task<BackupCheck> RunAsync(string file, CancellationToken cancellationToken)
    {
        if (!await HasHeaderAsync(file, cancellationToken))
        {
            return Refused("it is no SQLite file");
        }

        try
        {
            await using var connection = SqliteBackup.Open(file, SqliteOpenMode.ReadOnly);
            var damage = await TextsAsync(connection, $"PRAGMA integrity_check({MostProblems})", cancellationToken);
            if (damage is not ["ok"])
            {
                return new BackupCheck(null, [.. damage.Select(problem => $"it is damaged: {problem}")], null, []);
            }

            var tables = await TextsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", cancellationToken);
            return OfMembers.All(tables.Contains) ? new BackupCheck(BackupKind.Members, [], null, [])
                : OfJournal.All(tables.Contains) ? await JournalAsync(connection, file, cancellationToken)
                : Refused($"it lacks {string.Join(", ", OfJournal.Except(tables))}: it is no backup of an embedded store");
        }
        catch (SqliteException unreadable)
        {
            return Refused($"it cannot be read: {unreadable.Message}");
        }
    }

    private static async Task<BackupCheck> JournalAsync(SqliteConnection connection, string file, CancellationToken cancellationToken)
    {
        try
        {
            JournalLayout.Check(await TextsAsync(connection, "SELECT name FROM pragma_table_info('journal')", cancellationToken));
            foreach (var migrations in new[] { JournalSchema.Journal(StoreKind.Sqlite), JournalSchema.Leases(StoreKind.Sqlite) })
            {
                migrations.Pending(await NumberAsync(connection, migrations, cancellationToken), mayApply: true);
            }
        }
        catch (JournalRefusedException other)
        {
            return Refused(other.Message);
        }

        var source = new InspectionSource(
            () => new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString),
            opened => ((SqliteConnection)opened).BeginTransaction(deferred: true), SqliteStore.KindOf, SqliteStore.Listed);
        var found = await new JournalVerification(source).RunAsync([], cancellationToken);
        return new BackupCheck(
            BackupKind.Journal, [], await new JournalStatisticsQuery(source).RunAsync(cancellationToken), found.Violations);
    }

    private static async Task<int> NumberAsync(SqliteConnection connection, MigrationSet migrations, CancellationToken cancellationToken) =>
        (await TextsAsync(connection, $"SELECT name FROM sqlite_master WHERE name = '{migrations.Table}'", cancellationToken)).Count == 0
            ? 0
            : int.Parse(
                (await TextsAsync(connection, $"SELECT coalesce(max(number), 0) FROM {migrations.Table}", cancellationToken))[0], CultureInfo.InvariantCulture);

    private static async Task<List<string>> TextsAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 0);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            texts.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return texts;
    }

    private static async Task<bool> HasHeaderAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var begin = new byte[Header.Length];
        return await stream.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, cancellationToken) == begin.Length
            && begin.AsSpan().SequenceEqual(Header);
    }

    private static BackupCheck Refused(string problem) => new(null, [problem], null, []);
}
