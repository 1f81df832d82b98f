using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>A database that restarts, is replaced by its replica, drops a connection, is slow or full.</summary>
internal static class DatabaseNemeses
{
    /// <summary>Nodes whose leases have run out join anew: longer than after the crash of one of them.</summary>
    private static readonly TimeSpan StoreBound = TimeSpan.FromSeconds(30);
    private const int Piece = 1 << 20;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SlowTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan FullTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FsyncDelay = TimeSpan.FromMilliseconds(80);

    public static IEnumerable<Nemesis> All =>
    [
        Of("database-restart", "stops the primary at once and starts it again", RestartAsync),
        Of("failover", "stops the primary for good; the replica takes its place, and the old one comes back as replica", FailOverAsync),
        Of("backend", "ends the server's end of one node's append connection", EndBackendAsync),
        Of("slow-fsync", "every fsync of both servers takes 80 ms longer", SlowFsyncAsync) with { WhyNot = cluster => cluster.NoShim },
        Of("disk-full", "fills the primary's volume, and frees it again", FillAsync) with
        {
            WhyNot = cluster => cluster.Databases!.Primary.Volume is null ? "no file system of bounded size can be mounted here" : null,
        },
    ];

    private static Nemesis Of(string name, string does, Func<Strike, Task> strikeAsync) => new(name, does, Area.Database, strikeAsync) { NeedsDatabase = true };

    private static async Task RestartAsync(Strike strike)
    {
        var server = strike.Cluster.Databases!.Primary;
        const string recovery = "not properly shut down";
        var before = server.Said(recovery);
        strike.Begin(server.Name, "immediate stop and start", StoreBound);
        await server.StopImmediatelyAsync();
        await strike.HoldAsync(Strike.Lease * strike.Random.NextDouble());
        await server.StartAsync();
        strike.End();
        strike.Effect(server.Said(recovery) > before, "it had to replay its log after the crash");
        await strike.Cluster.Databases.WaitUntilSynchronousAsync();
    }

    private static async Task FailOverAsync(Strike strike)
    {
        var pair = strike.Cluster.Databases!;
        var generation = await GenerationAsync(pair);
        strike.Begin(pair.Primary.Name, $"stopped for good, {pair.Replica.Name} promoted", StoreBound);
        await pair.Primary.StopImmediatelyAsync();
        await pair.FailOverAsync();
        strike.End();
        await strike.EffectAsync(async () => await GenerationAsync(pair) is { } now && now > generation
            ? $"{pair.Primary.Name} is primary, nodes raised the generation from {generation} to {now}"
            : null);
        await strike.Cluster.WaitUntilHealthyAsync(TimeSpan.FromSeconds(60));
        await pair.AttachReplicaAsync();
    }

    private static async Task EndBackendAsync(Strike strike)
    {
        var server = strike.Cluster.Databases!.Primary;
        strike.Begin(server.Name, "pg_terminate_backend of one that appends", Strike.CrashBound);
        await strike.EffectAsync(async () =>
            await server.TryScalarAsync(
                """
                SELECT left(application_name, 8) || ' lost backend ' || pid FROM pg_stat_activity
                WHERE datname = 'chaos' AND query LIKE '%INSERT INTO journal%' AND pg_terminate_backend(pid, 1000) LIMIT 1
                """) as string);
    }

    private static async Task SlowFsyncAsync(Strike strike)
    {
        var servers = strike.Cluster.Databases!.Servers.ToArray();
        var before = servers.Sum(server => server.Control!.SlowFsyncs);
        strike.Begin("both servers", $"{FsyncDelay.TotalMilliseconds} ms for {SlowTime.TotalSeconds} s", Strike.CrashBound + SlowTime);
        foreach (var server in servers)
        {
            server.Control!.FsyncDelay = FsyncDelay;
        }

        await strike.HoldAsync(SlowTime);
        foreach (var server in servers)
        {
            server.Control!.FsyncDelay = TimeSpan.Zero;
        }

        var slow = servers.Sum(server => server.Control!.SlowFsyncs) - before;
        strike.Effect(slow > 0, $"{slow} fsyncs took {FsyncDelay.TotalMilliseconds} ms longer");
    }

    private static async Task FillAsync(Strike strike)
    {
        var server = strike.Cluster.Databases!.Primary;
        const string full = "No space left on device";
        var before = server.Said(full);
        strike.Begin(server.Name, $"no space for {FullTime.TotalSeconds} s", StoreBound + FullTime);
        var filler = Path.Combine(server.Volume!, "filler");
        try
        {
            await FillAsync(filler);
            await strike.EffectAsync(() => Task.FromResult(server.Said(full) - before is var said and > 0 ? $"the server turned writes down {said} times at first" : null));
            await strike.HoldAsync(FullTime);
        }
        finally
        {
            File.Delete(filler);
        }

        if (!server.IsRunning)
        {
            await server.StartAsync();
        }

        strike.End();
        strike.Effect(true, $"the server turned writes down {server.Said(full) - before} times for want of space");
        await strike.Cluster.Databases.WaitUntilSynchronousAsync();
    }

    /// <summary>Takes what is left, at once as far as the file system can tell, then piece by piece.</summary>
    private static async Task FillAsync(string path)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        await HostCommand.RunAsync(Bound, "fallocate", "-l", $"{free - Piece}", path);
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        var piece = new byte[Piece];
        for (var size = Piece; size >= 4096;)
        {
            try
            {
                await file.WriteAsync(piece.AsMemory(0, size));
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    private static async Task<long?> GenerationAsync(DatabasePair pair) =>
        await pair.Primary.TryScalarAsync("SELECT generation FROM cluster", pair.PrimaryString) is long generation ? generation : null;
}
