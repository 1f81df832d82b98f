using System.Diagnostics;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>A cluster of real processes under a steady load, to which one thing after another is done.</summary>
public static class DynamicsRun
{
    /// <summary>After the cluster has come to rest: what is still under way belongs to the fault.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <param name="fixture">Runs already, and goes on.</param>
    /// <param name="server">The private server under a PostgreSQL store, for faults of the database; else null.</param>
    /// <param name="tell">Progress in words.</param>
    /// <param name="former">The program that the nodes were started with, where it is not this build's.</param>
    public static async Task<DynamicsReport> ExecuteAsync(
        ClusterFixture fixture, string storeName, PrivatePostgres? server, double rate, int tasks, IReadOnlyList<Fault> faults, Action<string> tell,
        NodeProgram? former = null)
    {
        var nodes = fixture.Running.Count();
        var cluster = new DynamicsCluster(fixture, server, former);
        await using var load = await SteadyLoad.StartAsync(() => fixture.Gateways(), rate, tasks);
        var windows = new List<(Fault Fault, LoadWindow Window, TimeSpan Took)>();
        foreach (var fault in faults)
        {
            tell($"{fault.Name} …");
            var (window, watch) = (load.Begin(fault.Name), Stopwatch.StartNew());
            await fault.DoAsync(cluster);
            windows.Add((fault, window, watch.Elapsed));
            await Task.Delay(Settling);
            tell($"{fault.Name}: {window.Requests} requests, {window.Failed} failed, longest pause {window.LongestPause.Pause.TotalMilliseconds:0} ms");
        }

        await load.StopAndReadBackAsync();
        using var management = fixture.Management();
        await load.CheckJournalAsync(management);
        var events = await fixture.VerifyJournalAsync();
        return new DynamicsReport(
            storeName, nodes, rate, [.. windows.Select(done => Row(done.Fault, done.Window, done.Took))], events, [.. load.Violations], [.. load.Failures]);
    }

    private static DynamicsRow Row(Fault fault, LoadWindow window, TimeSpan took)
    {
        var (entity, pause) = window.LongestPause;
        return new DynamicsRow(
            fault.Name, took.TotalSeconds, window.Requests, window.Failed, window.Repeated, window.Quantile(0.5).TotalMilliseconds,
            window.Quantile(0.99).TotalMilliseconds, pause.TotalMilliseconds, entity);
    }
}
