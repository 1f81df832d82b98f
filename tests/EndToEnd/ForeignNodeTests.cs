using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Nodes that reach the store of a running cluster and do not belong to it.</summary>
public sealed class ForeignNodeTests : IAsyncLifetime
{
    private const string Secret = "the secret of this cluster";

    private static readonly TimeSpan LogBound = TimeSpan.FromSeconds(15);

    private readonly TestStoreFactory _stores = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stores.DisposeAsync().AsTask();

    [Theory]
    [InlineData(TestStore.Sqlite)]
    [InlineData(TestStore.Postgres)]
    public async Task A_running_cluster_keeps_a_node_out_that_is_not_one_of_it(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await _stores.CreateAsync(store), nodes: 2, "--AkkaScale:Cluster:Secret", Secret);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(), workers: 4, tasksPerWorker: 4);
        var members = await cluster.MembersAsync();

        await RefusedAsync(cluster, ["--shards", "128"], "256", "128");
        await RefusedAsync(cluster, ["--cluster", "intruder"], "akkascale", "intruder");
        await RefusedAsync(cluster, ["--AkkaScale:Cluster:Secret", "secret-word, but another one"], "Cluster:Secret");
        await RefusedAsync(cluster, ["--AkkaScale:Cluster:Secret", ""], "Cluster:Secret");
        await load.ProgressAsync(200);

        foreach (var node in cluster.Nodes)
        {
            await Eventually.Holds($"{node.Name} tells of the stranger (log: {node.LogPath})", LogBound, () =>
                node.Log.Contains("does not know the cluster secret", StringComparison.Ordinal) ? null : "no word of it");
        }

        Assert.Equal(members, await cluster.MembersAsync()); // nobody came in, nobody lost his lease
        await load.StopAndCheckAsync();
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load);
    }

    private static Task RefusedAsync(ClusterFixture cluster, IReadOnlyList<string> arguments, params IReadOnlyList<string> words) =>
        RefusedNode.RefusesAsync(
            new NodeSettings { Name = "stranger", Store = cluster.Store, Arguments = ["--AkkaScale:Cluster:Secret", Secret, .. arguments] },
            RefusedNode.ConfigurationRefused,
            words);
}
