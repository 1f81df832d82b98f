using AkkaScale.Cluster.Inspection;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Backups;
using AkkaScale.Tests.Unit.Doctor;

namespace AkkaScale.Tests.Unit.Backups;

public sealed class BackupWordsTests
{
    private static readonly PostgresFacts Server = Patient.Server with
    {
        WalLevel = "replica",
        Place = new PostgresPlace("db.example", 5433, "tasks and more", "o'neil"),
    };

    [Fact]
    public void The_lines_name_this_server_as_a_shell_takes_them_and_no_password()
    {
        var lines = Of(Server).Lines;
        Assert.Equal(@"pg_dump -h db.example -p 5433 -U 'o'\''neil' -d 'tasks and more' -Fc -f akkascale.dump", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("pg_basebackup -h db.example -p 5433 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_has_a_word()
    {
        Assert.Equal("wal_level ok, archive_mode ok, archive_command ok, archive_timeout ok", Words(Server));
        Assert.Equal("wal_level wrong, archive_mode notice, archive_command notice", Words(Server with { WalLevel = "minimal", Archive = null }));
        Assert.Equal("wal_level ok, archive_mode ok, archive_command wrong, archive_timeout ok", Words(Server with { Archive = Server.Archive! with { HasCommand = false } }));
        Assert.Equal(
            "wal_level ok, archive_mode ok, archive_command wrong, archive_timeout notice",
            Words(Server with { Archive = Server.Archive! with { LastFailed = Patient.Now.AddMinutes(1), Timeout = TimeSpan.Zero } }));
    }

    [Fact]
    public void The_embedded_store_has_no_lines_and_a_size()
    {
        var advice = BackupWords.Of(new StoreFacts(null, Patient.Disk));
        Assert.Equal(("sqlite", 1_000_000L), (advice.Store, advice.Bytes));
        Assert.Empty(advice.Lines);
    }

    private static BackupAdvice Of(PostgresFacts server) => BackupWords.Of(new StoreFacts(server, null));

    private static string Words(PostgresFacts server) => string.Join(", ", Of(server).Settings.Select(setting => $"{setting.Name} {setting.Word}"));
}
