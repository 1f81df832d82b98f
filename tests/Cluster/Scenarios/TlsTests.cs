using System.Security.Cryptography.X509Certificates;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Mutual TLS between nodes: who has a certificate of the cluster gets in, and nobody else.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TlsTests(PostgresServer server) : IDisposable
{
    private const string Cluster = "probe";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Who_has_a_certificate_of_the_cluster_gets_in_and_nobody_else() => await PlayAsync("tls", async cluster =>
    {
        var nodes = await cluster.StartHereAsync(2);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();

        using var good = _authority.Issue(Cluster);
        Assert.True(await ReachesAsync(good, nodes[0], questions: 10), "The check itself fails: a good certificate does not get in.");
        await IsRefusedAsync(nodes[0], _other.Issue(Cluster), "is not good for this cluster's authority");
        await IsRefusedAsync(nodes[0], _authority.Issue(Cluster, selfSigned: true), "is not good for this cluster's authority");
        await IsRefusedAsync(nodes[0], _authority.Issue(Cluster, ends: -TimeSpan.FromHours(1)), "is not good for this cluster's authority");
        await IsRefusedAsync(nodes[0], _authority.Issue("another"), "does not name the cluster");
        Assert.False(await ReachesAsync(null, nodes[0]), "Plain text got in.");

        // Nodes are refused before they try: the cluster's row has the authority.
        await EndsRefusedAsync(cluster, "other-authority", Tls(_other), "trust");
        await EndsRefusedAsync(cluster, "plain-text", new ClusterTlsOptions(), "trust");
        await EndsRefusedAsync(cluster, "other-host", Tls(_authority, _authority.Issue(Cluster, "127.0.0.2")), "does not name");
        await EndsRefusedAsync(cluster, "expired", Tls(_authority, _authority.Issue(Cluster, ends: -TimeSpan.FromHours(1))), "would be refused");

        await cluster.AreOneClusterAsync(nodes, "after all were refused");
        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync(nodes);
    });

    /// <summary>The second authority stands in everybody's file before the first certificate of it is used.</summary>
    [Fact]
    public async Task Certificates_and_their_authority_are_replaced_node_by_node_under_traffic() => await PlayAsync("tls-rotation", async cluster =>
    {
        File.AppendAllText(_authority.FilePath, "\n" + File.ReadAllText(_other.FilePath));
        var nodes = await cluster.StartHereAsync(2);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var kept = new List<IProbeNode>(nodes);
        foreach (var old in nodes)
        {
            var fresh = await cluster.StartHereAsync($"{old.Settings.Name}-again", Tls(_authority, _other.Issue(Cluster)));
            kept.Add(fresh);
            await cluster.AreOneClusterAsync(kept, $"{fresh.Settings.Name} came with a certificate of the new authority");
            cluster.Spare(old);
            await old.LeaveAsync();
            kept.Remove(old);
            await cluster.AreOneClusterAsync(kept, $"{old.Settings.Name} left");
        }

        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync(kept);
    });

    private static async Task<bool> ReachesAsync(X509Certificate2? certificate, ProbeNode node, int questions = 3)
    {
        await using var stranger = Stranger.Start(certificate);
        return await stranger.ReachesAsync(node, questions);
    }

    private static async Task IsRefusedAsync(ProbeNode node, X509Certificate2 certificate, string why)
    {
        var before = Said(node, why);
        using (certificate)
        {
            Assert.False(await ReachesAsync(certificate, node), $"Got in with a certificate that {why}.");
        }

        await Until.TrueAsync(() => Said(node, why) > before, $"{node.Settings.Name} says that the certificate {why}");
    }

    private static int Said(ProbeNode node, string why) =>
        node.Tail(500).Count(line => line.Contains("is refused", StringComparison.Ordinal) && line.Contains(why, StringComparison.Ordinal));

    private static async Task EndsRefusedAsync(ProbeCluster cluster, string name, ClusterTlsOptions tls, string word)
    {
        var node = cluster.StartProcess(name, settings => settings with { Tls = tls });
        cluster.Spare(node);
        await cluster.EndsAsync(node, Soon, NodeEnd.Refused);
        Assert.Contains(node.Tail(20), line => line.Contains(word, StringComparison.Ordinal));
    }

    private static ClusterTlsOptions Tls(TestAuthority trusted, X509Certificate2? own = null)
    {
        using var certificate = own ?? trusted.Issue(Cluster);
        var (file, key) = trusted.Write(certificate);
        return new ClusterTlsOptions { CertificateFile = file, KeyFile = key, AuthorityFile = trusted.FilePath };
    }

    private async Task PlayAsync(string story, Func<ProbeCluster, Task> play) => await ProbeCluster.PlayAsync(
        await ProbeDatabase.CreateAsync(server), story, play, settings => settings with { Tls = Tls(_authority) });
}
