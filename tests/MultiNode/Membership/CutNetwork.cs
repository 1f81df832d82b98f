using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>Three nodes on hosts of their own, for tests that cut them and mend them again. Nothing runs beside.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class CutNetwork : IAsyncLifetime, ICollectionFixture<CutNetwork>
{
    public const string Collection = "cut network";

    private ClusterFixture? _cluster;

    public ClusterFixture Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        if (SpecNetwork.WhyNot is not null)
        {
            return; // its tests are skipped
        }

        var network = await SpecNetwork.CreateAsync();
        try
        {
            var store = await NetworkedPostgres.StartAsync(network.StoreAddress);
            _cluster = await ClusterFixture.StartAsync(store, network, 3, "--AkkaScale:Node:AllowPlaintext", "true");
        }
        catch
        {
            await network.DisposeAsync();
            throw;
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
