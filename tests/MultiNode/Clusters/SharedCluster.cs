using AkkaScale.TestKit;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Clusters;

/// <summary>
/// node-1 to node-3 on one store, for all tests of that store which leave three nodes behind, or something that can be mended to them. The
/// stores take their turns: six nodes at once would starve each other on a small machine.
/// </summary>
public abstract class SharedCluster(string store) : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly string[] Names = ["node-1", "node-2", "node-3"];

    private readonly TestStoreFactory _factory = new();
    private ClusterFixture? _cluster;

    /// <summary><see cref="TestStore.Sqlite"/> or <see cref="TestStore.Postgres"/>.</summary>
    public string Store => store;

    /// <summary>Up and balanced. Whatever the test before did is undone, not what it wrote; where that cannot be, there is another cluster.</summary>
    public async Task<ClusterFixture> MendedAsync()
    {
        if (_cluster is not null && !await TryMendAsync(_cluster))
        {
            await _cluster.DisposeAsync();
            _cluster = null;
        }

        return _cluster ??= await ClusterFixture.StartAsync(
            await _factory.CreateAsync(store), Names.Length, "--AkkaScale:Node:AllowDrills", "true");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _factory.DisposeAsync();
    }

    private static async Task<bool> TryMendAsync(ClusterFixture cluster)
    {
        try
        {
            foreach (var guest in cluster.Running.Where(node => !Names.Contains(node.Name)).ToList())
            {
                guest.Terminate();
                await guest.WaitForExitAsync(Bound);
            }

            await Task.WhenAll(
                cluster.Nodes.Where(node => Names.Contains(node.Name) && node.HasExited).ToList().Select(cluster.RestartAsync));

            await Eventually.Holds("three members are up", Bound, async () =>
                (await cluster.MembersAsync()) is { Count: 3 } members && members.All(member => member.EndsWith(" Up", StringComparison.Ordinal))
                    ? null : string.Join(", ", await cluster.MembersAsync()));
            using (var management = cluster.Management())
            {
                await management.TakeOrdersBackAsync();
            }

            await cluster.WaitUntilBalanced(Bound);
            return true;
        }
        catch (Exception error) when (error is SpecFailedException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // A test that failed half-way has left something behind; it has been reported, and the next one is not to suffer for it.
            return false;
        }
    }
}
