using System.Text.Json.Nodes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Drills;

/// <summary>What the doctor predicts against what a client measures, on real processes and by the real command line.</summary>
public abstract class DrillTests(SharedCluster shared, ITestOutputHelper output)
{
    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>A quiet machine comes within one second; the gate's has other work, and takes what is beyond for that.</summary>
    private static readonly TimeSpan BusyMachine = TimeSpan.FromSeconds(8);

    protected SharedCluster Shared => shared;

    [Fact]
    public async Task A_killed_node_s_shards_answer_again_when_the_drill_says()
    {
        var cluster = await Shared.MendedAsync();
        var victim = cluster.Node("node-2");
        var shards = (await cluster.ShardsOfAsync(victim)).Count;

        await CheckDoctorAsync(cluster);
        var coordinator = await cluster.CoordinatorAsync();
        var report = await DrillAsync(cluster, "kill", "node-2");

        Assert.True(victim.HasExited, "the process of node-2 still runs");
        Assert.Equal(shards, (int)report["shards"]!);
        Assert.DoesNotContain(report["gateways"]!.AsArray(), gateway => new Uri((string)gateway!) == victim.Gateway);
        CheckAgreement(report);
        var regions = report["regions"]!.AsArray();
        Assert.Equal(["project", "task", "user"], regions.Select(region => (string?)region!["region"]).Order());
        Assert.Equal(shards, regions.Sum(region => (int)region!["shards"]!));
        Assert.All(regions, region => Assert.Equal(coordinator == victim.Name, (bool)region!["coordinator"]!));
        Assert.All(regions, region => Assert.InRange(
            (double)region!["p50Seconds"]!, 0, (double)region["expectedSeconds"]! + BusyMachine.TotalSeconds));
    }

    protected static void CheckAgreement(JsonNode report)
    {
        Assert.Empty(report["measured"]!["unanswered"]!.AsArray());
        var (expected, earliest) = ((double)report["predicted"]!["expectedSeconds"]!, (double)report["predicted"]!["earliestSeconds"]!);
        Assert.InRange((double)report["measured"]!["firstAnswerSeconds"]!, earliest - 0.2, expected + BusyMachine.TotalSeconds);
        Assert.InRange((double)report["measured"]!["maxSeconds"]!, earliest, expected + BusyMachine.TotalSeconds);
    }

    protected async Task<JsonNode> DrillAsync(ClusterFixture cluster, string kind, string node, params string[] more)
    {
        var gateways = string.Join(',', cluster.Gateways().Select(gateway => gateway.GetLeftPart(UriPartial.Authority)));
        var run = await Pbm.RunAsync(cluster, ["drill", kind, node, "--yes", "--json", "--gateway", gateways, "--reason", "test", .. more]);
        output.WriteLine(run.ToString());
        Assert.True(run.ExitCode is 0 or 1 && run.Output.Length > 0, run.ToString());
        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal((bool)report["kept"]! ? 0 : 1, run.ExitCode);
        return report;
    }

    /// <summary>Of a store made for a test one thing at least is worth a word; nothing is critical.</summary>
    private async Task CheckDoctorAsync(ClusterFixture cluster)
    {
        var run = await Pbm.RunAsync(cluster, "doctor", "--json");
        Assert.True(run.ExitCode is 0 or 1, run.ToString());
        var codes = JsonNode.Parse(run.Output)!["findings"]!.AsArray().Select(finding => (string)finding!["code"]!).ToList();
        Assert.Contains(Shared.Store == TestStore.Sqlite ? "store/one-host" : "store/no-archive", codes);
        Assert.DoesNotContain(codes, code => code is "settings/differ" or "cluster/unreachable" or "shards/unowned" or "shards/uneven" or "store/no-answer");
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteDrillTests(SqliteCluster shared, ITestOutputHelper output) : DrillTests(shared, output)
{
    [Fact]
    public async Task A_paused_node_loses_its_shards_and_ends()
    {
        var cluster = await Shared.MendedAsync();
        var before = await cluster.IncarnationAsync(cluster.Node("node-3"));

        var report = await DrillAsync(cluster, "pause", "node-3", "--seconds", "6");

        CheckAgreement(report);
        var back = await cluster.RestartAsync(cluster.Node("node-3"), Bound);
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(back));
    }
}

[Collection(PostgresCluster.Collection)]
public sealed class PostgresDrillTests(PostgresCluster shared, ITestOutputHelper output) : DrillTests(shared, output);
