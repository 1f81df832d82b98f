using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>A database that restarts, drops a connection, or is full.</summary>
internal static class DatabaseNemeses
{
    /// <summary>While it is away nobody is answered: longer than after the crash of a node.</summary>
    private static readonly TimeSpan StoreBound = TimeSpan.FromSeconds(30);
    private const int Piece = 1 << 20;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FullTime = TimeSpan.FromSeconds(5);

    public static IEnumerable<Nemesis> All =>
    [
        Of("database-restart", "stops the server at once and starts it again", RestartAsync),
        Of("backend", "ends the server's end of one node's append connection", EndBackendAsync),
        Of("disk-full", "fills the server's volume, and frees it again", FillAsync) with
        {
            WhyNot = cluster => cluster.Database!.Volume is null ? "no file system of bounded size can be mounted here" : null,
        },
    ];

    private static Nemesis Of(string name, string does, Func<Strike, Task> strikeAsync) => new(name, does, Area.Database, strikeAsync) { NeedsDatabase = true };

    private static async Task RestartAsync(Strike strike)
    {
        var server = strike.Cluster.Database!;
        const string recovery = "not properly shut down";
        var before = server.Said(recovery);
        strike.Begin(server.Name, "immediate stop and start", StoreBound);
        await server.StopImmediatelyAsync();
        await strike.HoldAsync(Strike.Lease * strike.Random.NextDouble());
        await server.StartAsync();
        strike.End();
        strike.Effect(server.Said(recovery) > before, "it had to replay its log after the crash");
    }

    private static async Task EndBackendAsync(Strike strike)
    {
        var server = strike.Cluster.Database!;
        strike.Begin(server.Name, "pg_terminate_backend of one that appends", Strike.CrashBound);
        await strike.EffectAsync(async () =>
            await server.TryScalarAsync(
                """
                SELECT left(application_name, 8) || ' lost backend ' || pid FROM pg_stat_activity
                WHERE datname = 'chaos' AND query LIKE '%INSERT INTO journal%' AND pg_terminate_backend(pid, 1000) LIMIT 1
                """) as string);
    }

    private static async Task FillAsync(Strike strike)
    {
        var server = strike.Cluster.Database!;
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
}
