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
        var windows = new List<(Fault Fault, LoadWindow Window, TimeSpan Took, IReadOnlyList<double> HandOvers)>();
        foreach (var fault in faults)
        {
            tell($"{fault.Name} …");
            var before = await LatestDecisionAsync(fixture);
            var (window, watch) = (load.Begin(fault.Name), Stopwatch.StartNew());
            await fault.DoAsync(cluster);
            var took = watch.Elapsed;
            await Task.Delay(Settling);
            windows.Add((fault, window, took, await HandOversAsync(fixture, before)));
            tell($"{fault.Name}: {window.Requests} requests, {window.Failed} failed, longest pause {window.LongestPause.Pause.TotalMilliseconds:0} ms");
        }

        await load.StopAndReadBackAsync();
        using var management = fixture.Management();
        await load.CheckJournalAsync(management);
        var events = await fixture.VerifyJournalAsync();
        return new DynamicsReport(
            storeName, nodes, rate, [.. windows.Select(done => Row(done.Fault, done.Window, done.Took, done.HandOvers))], events, [.. load.Violations], [.. load.Failures]);
    }

    private static DynamicsRow Row(Fault fault, LoadWindow window, TimeSpan took, IReadOnlyList<double> handOvers)
    {
        var (entity, pause) = window.LongestPause;
        return new DynamicsRow(
            fault.Name, took.TotalSeconds, window.Requests, window.Failed, window.Repeated, window.Quantile(0.5).TotalMilliseconds,
            window.Quantile(0.99).TotalMilliseconds, pause.TotalMilliseconds, entity, handOvers.Count, LoadWindow.Quantile(handOvers, 0.5) * 1_000, LoadWindow.Quantile(handOvers, 0.99) * 1_000);
    }

    private static async Task<long> LatestDecisionAsync(ClusterFixture fixture)
    {
        using var management = fixture.Management();
        return (await management.DecisionsAsync(null)).Latest;
    }

    /// <summary>How long each shard that was handed over since was between two homes, as coordinators noted it.</summary>
    private static async Task<IReadOnlyList<double>> HandOversAsync(ClusterFixture fixture, long after)
    {
        using var management = fixture.Management();
        var seconds = new List<double>();
        while (true)
        {
            var page = await management.DecisionsAsync(after);
            seconds.AddRange(page.Decisions.Select(decision => decision.Numbers.GetValueOrDefault("handOverSeconds")).Where(each => each > 0));
            if (page.Decisions.Count == 0)
            {
                return seconds;
            }

            after = page.Decisions.Max(decision => decision.Nr);
        }
    }
}
