using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Nodes that reach the store of a running cluster and do not belong to it.</summary>
public sealed class ForeignNodeTests
{
    /// <summary>On both stores in tests/Cluster; here with everything that ships, and clients.</summary>
    [Fact]
    public async Task A_running_cluster_keeps_a_node_out_that_is_not_one_of_it()
    {
        await using var nodes = new SmallCluster();
        var node = await nodes.StartAsync("node-1");
        await using var load = await TaskLoad.StartAsync([node.Gateway], workers: 4, tasksPerWorker: 4);
        using var management = new ManagementClient(node.Management);
        var members = await IncarnationsAsync(management);

        await RefusedAsync(nodes, ["--shards", "16"], "has 8 shards", "fixed by its first start");
        await RefusedAsync(nodes, ["--cluster", "intruder"], "akkascale", "intruder");
        await load.ProgressAsync(100);

        Assert.Equal(members, await IncarnationsAsync(management)); // nobody came in, and who was there goes on
        await load.StopAndCheckAsync();
        Assert.Empty(load.Troubles);
        var verified = await ProgramRun.ExecuteAsync(
            "dotnet", [Repository.PbmProgram, "journal", "verify", "--node", node.Management.Authority], TimeSpan.FromSeconds(60));
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    private static async Task<IReadOnlyList<string>> IncarnationsAsync(ManagementClient management) =>
        [.. (await management.MembersAsync()).Select(member => $"{member.Name} {member.NodeUid} {member.Status}")];

    private static Task RefusedAsync(SmallCluster nodes, IReadOnlyList<string> arguments, params IReadOnlyList<string> words) =>
        RefusedNode.RefusesAsync(nodes.Settings("stranger", arguments: arguments), RefusedNode.ConfigurationRefused, words);
}
