using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>Three nodes on hosts of their own, with mutual TLS between them, for tests that cut them and mend them again. Nothing runs beside.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class CutNetwork : IAsyncLifetime, ICollectionFixture<CutNetwork>
{
    public const string Collection = "cut network";

    private readonly TestAuthority _authority = new();
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
            using var certificate = _authority.Issue("akkascale", [.. Enumerable.Range(1, 3).Select(network.AddressOf)]);
            var (file, key) = _authority.Write(certificate);
            _cluster = await ClusterFixture.StartAsync(
                store, network, 3,
                "--AkkaScale:Tls:CertificateFile", file, "--AkkaScale:Tls:KeyFile", key, "--AkkaScale:Tls:AuthorityFile", _authority.FilePath);
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

        _authority.Dispose();
    }
}
