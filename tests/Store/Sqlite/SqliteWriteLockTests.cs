using System.Diagnostics;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Sqlite;

namespace AkkaScale.Tests.Store.Sqlite;

public sealed class SqliteWriteLockTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkascale-lock-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A process can be stopped after it got the lock and before it wrote its name, or after it cleared it and before it let go.</summary>
    [Fact]
    public void A_holder_that_has_no_name_in_the_lock_file_is_known_all_the_same()
    {
        var path = Path.Combine(_directory, "some.lock");
        var holder = new Incarnation(Guid.NewGuid());
        using var mine = new WriteLock(path, new Incarnation(Guid.NewGuid()));
        using var theirs = new WriteLock(path, holder);
        theirs.Acquire();
        Assert.Equal(holder, mine.Suspect()!.Incarnation);

        // By a shell, as the framework's own writing respects the lock.
        using var clear = Process.Start("sh", ["-c", "printf '%128s' '' > \"$0\"", path]);
        Assert.True(clear.WaitForExit(TimeSpan.FromSeconds(30)) && clear.ExitCode == 0);

        var suspect = mine.Suspect();
        Assert.Equal((Environment.ProcessId, holder), (suspect!.ProcessId, suspect.Incarnation));
        Assert.True(suspect.IsAlive);
        theirs.Release();
    }
}
