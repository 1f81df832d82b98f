using System.Text.Json.Nodes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>What the doctor predicts against what a client measures, on real processes and by the real command line.</summary>
[Collection(Stores.Collection)]
public sealed class DrillTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>A quiet machine comes within one second; the gate's has other work, and takes what is beyond for that.</summary>
    private static readonly TimeSpan BusyMachine = TimeSpan.FromSeconds(8);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_killed_node_s_shards_answer_again_when_the_drill_says(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), 3, "--AkkaScale:Node:AllowDrills", "true");
        var victim = cluster.Node("node-2");
        var shards = (await cluster.ShardsOfAsync(victim)).Count;

        await CheckDoctorAsync(cluster, store);
        var report = await DrillAsync(cluster, "kill", "node-2");

        Assert.True(victim.HasExited, "the process of node-2 still runs");
        Assert.Equal(shards, (int)report["shards"]!);
        Assert.DoesNotContain(report["gateways"]!.AsArray(), gateway => new Uri((string)gateway!) == victim.Gateway);
        CheckAgreement(report);
    }

    [Fact]
    public async Task A_paused_node_loses_its_shards_and_joins_anew()
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(TestStore.Sqlite), 3, "--AkkaScale:Node:AllowDrills", "true");
        var before = await cluster.IncarnationAsync(cluster.Node("node-3"));

        var report = await DrillAsync(cluster, "pause", "node-3", "--seconds", "6");

        CheckAgreement(report);
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(cluster.Node("node-3")));
    }

    [Fact]
    public async Task No_drill_without_leave_without_yes_or_without_an_heir()
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(TestStore.Sqlite), 1, "--AkkaScale:Node:AllowDrills", "true");
        Refused(await PbmAsync(cluster, "drill", "kill", "node-1", "--yes"), "No other node could take over");

        var second = await cluster.JoinAsync(new NodeSettings { Name = "node-2", Store = cluster.Store });
        await cluster.WaitUntilBalanced(Bound);
        Refused(await PbmAsync(cluster, "drill", "kill", "node-2", "--yes"), "AllowDrills");
        Refused(await PbmAsync(cluster, "drill", "kill", "node-1"), "Add --yes");
        Refused(await PbmAsync(cluster, "drill", "kill", "node-9", "--yes"), "There is no node node-9");
        Assert.False(second.HasExited);
        Assert.All(cluster.Nodes, node => Assert.False(node.HasExited));
    }

    /// <summary>Of a store made for a test one thing at least is worth a word; nothing is critical.</summary>
    private static async Task CheckDoctorAsync(ClusterFixture cluster, string store)
    {
        var run = await PbmAsync(cluster, "doctor", "--json");
        Assert.True(run.ExitCode is 0 or 1, run.ToString());
        var codes = JsonNode.Parse(run.Output)!["findings"]!.AsArray().Select(finding => (string)finding!["code"]!).ToList();
        Assert.Contains(store == TestStore.Sqlite ? "store/one-host" : "store/no-archive", codes);
        Assert.DoesNotContain(codes, code => code is "settings/differ" or "cluster/unreachable" or "shards/unowned" or "shards/uneven" or "store/no-answer");
    }

    private static void Refused(ProgramRun run, string why)
    {
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(why, run.Error);
    }

    private static void CheckAgreement(JsonNode report)
    {
        Assert.Empty(report["measured"]!["unanswered"]!.AsArray());
        var (expected, earliest) = ((double)report["predicted"]!["expectedSeconds"]!, (double)report["predicted"]!["earliestSeconds"]!);
        Assert.InRange((double)report["measured"]!["firstAnswerSeconds"]!, earliest - 0.2, expected + BusyMachine.TotalSeconds);
        Assert.InRange((double)report["measured"]!["maxSeconds"]!, earliest, expected + BusyMachine.TotalSeconds);
    }

    private async Task<JsonNode> DrillAsync(ClusterFixture cluster, string kind, string node, params string[] more)
    {
        var gateways = string.Join(',', cluster.Gateways().Select(gateway => gateway.GetLeftPart(UriPartial.Authority)));
        var run = await PbmAsync(cluster, ["drill", kind, node, "--yes", "--json", "--gateway", gateways, "--reason", "test", .. more]);
        output.WriteLine(run.ToString());
        Assert.True(run.ExitCode is 0 or 1 && run.Output.Length > 0, run.ToString());
        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal((bool)report["kept"]! ? 0 : 1, run.ExitCode);
        return report;
    }

    private static Task<ProgramRun> PbmAsync(ClusterFixture cluster, params string[] arguments) => ProgramRun.ExecuteAsync(
        "dotnet", [Repository.PbmProgram, .. arguments, "--node", cluster.Running.First().Management.Authority], Bound);
}
