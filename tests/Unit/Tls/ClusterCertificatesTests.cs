using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Tls;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Unit.Pbm;

namespace AkkaScale.Tests.Unit.Tls;

/// <summary>Whose certificate is taken, and what pbm makes.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    private const string Cluster = "shop";

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void A_certificate_of_the_authority_that_names_the_cluster_is_taken() =>
        Assert.Null(Load(_authority.Issue(Cluster)).WhyRefused(_authority.Issue(Cluster)));

    [Theory]
    [InlineData("of another authority", "is not good for this cluster's authority")]
    [InlineData("self-signed", "is not good for this cluster's authority")]
    [InlineData("expired", "is not good for this cluster's authority")]
    [InlineData("not for clients", "is not good for this cluster's authority")]
    [InlineData("of another cluster", "does not name the cluster")]
    [InlineData("of no cluster", "does not name the cluster")]
    public void Whatever_else_is_refused_with_a_reason(string certificate, string reason)
    {
        using var shown = certificate switch
        {
            "of another authority" => _other.Issue(Cluster),
            "self-signed" => _authority.Issue(Cluster, selfSigned: true),
            "expired" => _authority.Issue(Cluster, ends: -TimeSpan.FromMinutes(1)),
            "not for clients" => _authority.Issue(Cluster, isForClients: false),
            "of another cluster" => _authority.Issue("shop-2"),
            _ => _authority.Issue(null),
        };
        Assert.Contains(reason, Load(_authority.Issue(Cluster)).WhyRefused(shown), StringComparison.Ordinal);
    }

    [Fact]
    public void None_and_one_for_another_host_are_refused()
    {
        var certificates = Load(_authority.Issue(Cluster));
        Assert.Equal("it shows no certificate", certificates.WhyRefused(null));
        Assert.Contains("does not name the host", certificates.WhyRefused(_authority.Issue(Cluster), namesHost: false), StringComparison.Ordinal);
        Assert.Throws<ClusterRefusedException>(() => certificates.CheckHost("127.0.0.2"));
        certificates.CheckHost("127.0.0.1");
    }

    [Fact]
    public void A_process_is_refused_at_start_with_a_certificate_that_no_member_would_take()
    {
        Assert.Contains("would be refused", Assert.Throws<ClusterRefusedException>(() => Load(_other.Issue(Cluster))).Message, StringComparison.Ordinal);
        var (certificate, _) = _authority.Write(_authority.Issue(Cluster));
        var (_, key) = _authority.Write(_authority.Issue(Cluster));
        var refused = Assert.Throws<ClusterRefusedException>(() => ClusterCertificates.Load(
            new ClusterTlsOptions { CertificateFile = certificate, KeyFile = key, AuthorityFile = _authority.FilePath }, Cluster));
        Assert.Contains("no certificate, its key and an authority", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "k", "a", "Tls:CertificateFile is empty")]
    [InlineData("c", "", "a", "Tls:KeyFile is empty")]
    [InlineData("nowhere.pem", "nowhere.pem", "nowhere.pem", "there is no such file")]
    public void All_files_are_given_and_there_or_none(string certificate, string key, string authority, string problem)
    {
        var options = new ClusterTlsOptions { CertificateFile = certificate, KeyFile = key, AuthorityFile = authority };
        Assert.Contains(options.Validate(), each => each.Contains(problem, StringComparison.Ordinal));
        Assert.Empty(new ClusterTlsOptions().Validate());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_pbm_makes_is_taken_and_nothing_is_written_over()
    {
        using var folder = new TemporaryFolder();
        string[] make = ["tls", "create-ca", "--cluster", Cluster, "--dir", folder.Path], issue =
            ["tls", "issue", "node-1", "--host", "127.0.0.1", "--host", "node-1.example", "--cluster", Cluster, "--dir", folder.Path];
        Assert.Equal(2, (await PbmProcess.RunAsync(issue)).ExitCode);
        var made = await PbmProcess.RunAsync([.. make, "--json"]);
        Assert.True(made.ExitCode == 0, made.Errors);
        var issued = await PbmProcess.RunAsync(issue);
        Assert.True(issued.ExitCode == 0, issued.Errors);

        var certificates = ClusterCertificates.Load(
            new ClusterTlsOptions { CertificateFile = In("node-1.pem"), KeyFile = In("node-1-key.pem"), AuthorityFile = In("ca.pem") }, Cluster);
        certificates.CheckHost("127.0.0.1");
        certificates.CheckHost("node-1.example");
        Assert.Contains(certificates.AuthorityFingerprint, made.Output, StringComparison.Ordinal);
        Assert.InRange(certificates.Own.NotAfter, DateTime.Now.AddDays(89), DateTime.Now.AddDays(91));
        foreach (var key in (string[])["ca-key.pem", "node-1-key.pem"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In(key)));
        }

        Assert.Contains("is there already", (await PbmProcess.RunAsync(make)).Errors, StringComparison.Ordinal);
        Assert.Contains("is there already", (await PbmProcess.RunAsync(issue)).Errors, StringComparison.Ordinal);

        string In(string file) => Path.Combine(folder.Path, file);
    }

    private ClusterCertificates Load(X509Certificate2 own)
    {
        var (certificate, key) = _authority.Write(own);
        return ClusterCertificates.Load(
            new ClusterTlsOptions { CertificateFile = certificate, KeyFile = key, AuthorityFile = _authority.FilePath }, Cluster);
    }
}
