using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Console;

/// <summary>Nodes that come, are killed and come back: for tests each of which leaves node-1 and node-2 running, and no order.</summary>
public sealed class MovingCluster : IAsyncLifetime
{
    private ClusterFixture? _cluster;

    public ClusterFixture Nodes => _cluster!;

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find(Browser.Program) is not null)
        {
            _cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 2, [.. QuietCluster.FewShards, "--AkkaScale:Node:AllowDrills", "true"]);
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
