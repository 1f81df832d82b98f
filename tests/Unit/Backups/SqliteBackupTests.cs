using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Backups;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Management.Backups;
using AkkaScale.Tests.Unit.Pbm;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Unit.Backups;

/// <summary>Of a real store, which is open and written to.</summary>
public sealed class SqliteBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _store;
    private readonly string _copy;
    private readonly SqliteSession _open;

    public SqliteBackupTests()
    {
        (_store, _copy) = (Path.Combine(_folder.Path, "store.db"), Path.Combine(_folder.Path, "copy.db"));
        _open = new SqliteSession(_store, $"Data Source={_store};Pooling=False");
        SqliteSchema.Open(_open, migrate: true);
        _open.Execute("INSERT INTO lease (cluster, name, owner, epoch) VALUES ('c', 'l-1', 'n', 3)");
        Write("task-a", 1, 2);
        Write("task-a", 2, 3);
        Write("task-b", 1, 3);
    }

    public void Dispose()
    {
        _open.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_copy_holds_what_the_store_held_although_that_is_in_use_and_goes_on()
    {
        SqliteBackup.Copy(_store, _copy);
        Write("task-b", 2, 3);

        var found = await SqliteBackupCheck.RunAsync(_copy, default);

        Assert.Equal(BackupKind.Journal, found.Kind);
        Assert.Empty(found.Problems);
        Assert.Empty(found.Violations);
        Assert.Equal((3L, 2L, 0L, 1L), (found.Statistics!.Events, found.Statistics.Entities, found.Statistics.Snapshots, found.Statistics.Leases));
        Assert.True(StoreBackups.Answer(found, 1).Usable);
        Assert.Equal(["copy.db"], Directory.GetFiles(_folder.Path, "copy.db*").Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_that_is_there_is_not_written_over()
    {
        File.WriteAllText(_copy, "mine");
        Assert.Throws<IOException>(() => SqliteBackup.Copy(_store, _copy));
        Assert.Equal("mine", File.ReadAllText(_copy));
    }

    [Fact]
    public void What_cannot_be_read_leaves_nothing()
    {
        foreach (var broken in new[] { Path.Combine(_folder.Path, "nothing.db"), _folder.Write("text.db", new string('x', 10_000)) })
        {
            Assert.ThrowsAny<SqliteException>(() => SqliteBackup.Copy(broken, _copy));
            Assert.False(File.Exists(_copy), broken);
        }
    }

    [Theory]
    [InlineData("a gap", "DELETE FROM journal WHERE persistence_id = 'task-a' AND sequence_number = 1", "I2")]
    [InlineData("an epoch that falls", "UPDATE journal SET epoch = 9 WHERE persistence_id = 'task-a' AND sequence_number = 1", "I2")]
    [InlineData("an epoch above its lease", "UPDATE lease SET epoch = 1", "I3")]
    [InlineData("two writers of an epoch", "UPDATE journal SET writer_uuid = 'other' WHERE persistence_id = 'task-b'", "I3")]
    public async Task What_must_hold_of_a_journal_is_checked(string what, string damage, string invariant)
    {
        SqliteBackup.Copy(_store, _copy);
        Change(damage);

        var found = StoreBackups.Answer(await SqliteBackupCheck.RunAsync(_copy, default), 1);

        Assert.True(!found.Usable && found.Violations.Any(violation => violation.Invariant == invariant), what);
    }

    [Fact]
    public async Task A_damaged_page_a_text_a_stranger_and_a_newer_schema_are_refused_with_a_word()
    {
        SqliteBackup.Copy(_store, _copy);
        Change("UPDATE journal_schema SET number = number + 1000");
        Assert.Contains("newer", await ProblemAsync(), StringComparison.Ordinal);

        Change("DROP TABLE lease");
        Assert.Contains("lacks lease", await ProblemAsync(), StringComparison.Ordinal);

        File.WriteAllText(_copy, "select 1");
        Assert.Contains("no SQLite file", await ProblemAsync(), StringComparison.Ordinal);

        File.Delete(_copy);
        SqliteBackup.Copy(_store, _copy);
        await using (var file = new FileStream(_copy, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.False(StoreBackups.Answer(await SqliteBackupCheck.RunAsync(_copy, default), 1).Usable);
    }

    private async Task<string> ProblemAsync() => string.Join(' ', (await SqliteBackupCheck.RunAsync(_copy, default)).Problems);

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_copy};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private void Write(string entity, int number, int epoch) => _open.Execute(
        $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid, lease_name, epoch) "
        + $"VALUES (0, 0, '{entity}', {number}, x'7b7d', 'm', 1, 'writer-{epoch}', 'l-1', {epoch})");
}
