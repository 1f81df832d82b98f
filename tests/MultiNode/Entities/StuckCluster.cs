using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>Three nodes with a kind that misbehaves; they give orders up soon.</summary>
public sealed class StuckCluster : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TestStoreFactory _stores = new();
    private ClusterFixture? _cluster;

    public async Task<ClusterFixture> BalancedAsync()
    {
        _cluster ??= await ClusterFixture.StartAsync(
            await _stores.CreateAsync(TestStore.Sqlite), null, NodeProgram.Of(Repository.StuckNodeProgram), 3,
            "--AkkaScale:Sharding:Allocation:OrderPatience", "00:00:03");
        await _cluster.WaitUntilBalanced(Bound);
        return _cluster;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _stores.DisposeAsync();
    }
}
