using System.Diagnostics;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Sqlite;

/// <summary>A second process on the same embedded store: this assembly, started as a program.</summary>
public sealed class OtherProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private OtherProcess(Process process, Incarnation incarnation) => (_process, Incarnation) = (process, incarnation);

    public Incarnation Incarnation { get; }

    public bool HasExited => _process.HasExited;

    /// <param name="what">"hold journal", "hold cluster" or "append".</param>
    public static async Task<OtherProcess> StartAsync(string directory, string what, int shard, int count = 0)
    {
        var incarnation = new Incarnation(Guid.NewGuid());
        var start = new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath! : "dotnet",
            ["exec", typeof(OtherProcess).Assembly.Location, what, directory, incarnation.ToString(), $"{shard}", $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var other = new OtherProcess(Process.Start(start)!, incarnation);
        Assert.Equal("ready", await other.ReadLineAsync());
        return other;
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Lets a process that said "ready" go on.</summary>
    public void Go() => _process.StandardInput.WriteLine("go");

    /// <summary>SIGSTOP: the process lives, holds what it holds, and does nothing.</summary>
    public async Task StopAsync()
    {
        using var stop = Process.Start("kill", ["-STOP", $"{_process.Id}"]);
        await stop.WaitForExitAsync();
        Assert.Equal(0, stop.ExitCode);
    }

    public async Task WaitForExitAsync() => await _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public static async Task<int> Main(string[] arguments)
    {
        var (what, directory, incarnation) = (arguments[0], arguments[1], Incarnation.Parse(arguments[2]));
        var (shard, count) = (int.Parse(arguments[3]), int.Parse(arguments[4]));
        await using var store = SqlitePlace.Create(new() { Directory = directory, Incarnation = incarnation, LeaseTtl = TimeSpan.FromSeconds(30) });
        await store.Cluster.OpenAsync("test", 16, CancellationToken.None);
        await store.Cluster.JoinAsync(
            new MemberSnapshot(incarnation, "other", "", "", ["entity"], "", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, ""), CancellationToken.None);
        await store.Cluster.AcquireAsync(incarnation, [new ShardClaim(shard, null, 0)], "first", CancellationToken.None);
        if (what.StartsWith("hold ", StringComparison.Ordinal))
        {
            await SqlitePlace.Store(store).OnWriterAsync(what == "hold journal", session => session.Write(_ =>
            {
                Console.WriteLine("ready");
                Console.ReadLine();
                return true;
            }));
            return 0;
        }

        Console.WriteLine("ready");
        Console.ReadLine();
        var writer = store.Journal.OpenWriter(incarnation, 0);
        for (var number = 1; number <= count; number++)
        {
            var outcome = await writer.AppendAsync([new ShardSlice(shard, 1, [Happened(shard, number)], [], [])]);
            if (outcome[0].Status != SliceStatus.Written)
            {
                Console.WriteLine(outcome[0]);
                return 1;
            }
        }

        Console.WriteLine("done");
        return 0;
    }

    private static JournalEvent Happened(int shard, int number) => new(
        shard, number, 1, new EntityKey("thing", $"other-{shard}"), number, "happened", "{}"u8.ToArray(), Guid.NewGuid(), default, new byte[] { 1 },
        DateTimeOffset.UnixEpoch);
}
