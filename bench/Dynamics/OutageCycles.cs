using System.Diagnostics;
using System.Globalization;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Npgsql;

namespace AkkaScale.Dynamics;

/// <summary>The database goes away again and again. Whatever a node makes anew each time must not be more after a hundred times than after ten.</summary>
internal static class OutageCycles
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>In which what was made for the last outage ends.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <returns>How many requests failed, or showed what must not be, and how many processes ended.</returns>
    public static async Task<int> RunAsync(Place place, int nodes, double rate, int cycles)
    {
        var server = place.Server!; // with PostgreSQL there always is one
        await using var cluster = await ClusterFixture.StartAsync(place.Store, place.Network, nodes, "--AkkaScale:Node:AllowPlaintext", "true");
        await using var load = await SteadyLoad.StartAsync(() => cluster.Gateways(), rate);
        Console.WriteLine("outage   requests  failed  longest ms   resident MB          threads   files     connections");
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            var window = load.Begin($"{cycle}");
            await server.CrashAsync();
            await Task.Delay(Outage);
            await server.CrashAndRestartAsync();
            await cluster.WaitUntilBalanced(Bound);
            await Task.Delay(Rest);
            var connections = await ConnectionsAsync(server);
            var seen = cluster.Running.Select(Look).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cycle,6} {window.Requests,10} {window.Failed,7} {window.LongestPause.Pause.TotalMilliseconds,11:0}   "
                + $"{string.Join(' ', seen.Select(each => $"{each.Megabytes}")),-20} {string.Join(' ', seen.Select(each => $"{each.Threads}")),-9} "
                + $"{string.Join(' ', seen.Select(each => $"{each.Files}")),-9} {connections}"));
        }

        await load.StopAndReadBackAsync();
        using var management = cluster.Management();
        await load.CheckJournalAsync(management);
        foreach (var wrong in load.Failures.Concat(load.Violations).Take(10))
        {
            Console.WriteLine(wrong);
        }

        return load.Failures.Count + load.Violations.Count + nodes - cluster.Running.Count();
    }

    private static (long Megabytes, int Threads, int Files) Look(NodeProcess node)
    {
        using var process = Process.GetProcessById(node.Id);
        return (process.WorkingSet64 / 1_000_000, process.Threads.Count, Directory.GetFileSystemEntries($"/proc/{node.Id}/fd").Length);
    }

    private static async Task<long> ConnectionsAsync(PrivatePostgres server)
    {
        await using var connection = new NpgsqlConnection(server.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
