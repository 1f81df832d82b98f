using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Backups;

[Collection(PostgresCluster.Collection)]
public sealed class PostgresBackupTests(PostgresCluster shared)
{
    [Fact]
    public async Task Of_a_server_the_lines_are_printed_that_back_it_up_and_its_settings_are_judged()
    {
        var cluster = await shared.MendedAsync();
        var file = Path.Combine(Path.GetTempPath(), $"akkascale-{Guid.NewGuid():N}.db");

        var run = await Pbm.RunAsync(cluster, "backup", file);

        Assert.Equal(1, run.ExitCode);
        var lines = run.Output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("  pg_basebackup -h ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("wal_level", StringComparison.Ordinal) && line.Contains(" ok ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("archive_mode", StringComparison.Ordinal));
        Assert.False(File.Exists(file));

        // The line is typed as it stands there, into a directory of its own.
        var dump = lines.Single(line => line.StartsWith("  pg_dump ", StringComparison.Ordinal)).Trim();
        var folder = Directory.CreateTempSubdirectory("akkascale-dump-");
        try
        {
            var typed = await ProgramRun.ExecuteAsync("bash", ["-c", $"cd '{folder.FullName}' && {dump} && pg_restore --list akkascale.dump"], TimeSpan.FromSeconds(60));
            Assert.True(typed.ExitCode == 0, typed.Error);
            Assert.Contains("TABLE DATA public journal", typed.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
