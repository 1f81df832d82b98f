using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaScale.Tests.Support;

/// <summary>A certificate authority of a test, with its files in a directory of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-tls-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private int _count;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=authority of a test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));

        // By the key two authorities of one name are told apart, as when one takes the other's place.
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(FilePath, _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's certificate, PEM.</summary>
    public string FilePath => Path.Combine(_directory.FullName, "ca.pem");

    /// <summary>A certificate with its private key.</summary>
    /// <param name="cluster">Whose name it carries; null: none.</param>
    /// <param name="host">Null: 127.0.0.1.</param>
    /// <param name="ends">From now; may be negative.</param>
    /// <param name="selfSigned">By its own key instead of the authority's.</param>
    public X509Certificate2 Issue(string? cluster, string? host = null, TimeSpan? ends = null, bool selfSigned = false, bool isForClients = true)
        => Issue(cluster, [host ?? "127.0.0.1"], ends, selfSigned, isForClients);

    /// <summary>The same for several hosts.</summary>
    public X509Certificate2 Issue(
        string? cluster, IReadOnlyList<string> hosts, TimeSpan? ends = null, bool selfSigned = false, bool isForClients = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a node", key, HashAlgorithmName.SHA256);
        var uses = new OidCollection { new Oid("1.3.6.1.5.5.7.3.1") };
        if (isForClients)
        {
            uses.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddIpAddress(IPAddress.Parse(host));
        }

        if (cluster is not null)
        {
            names.AddDnsName($"{cluster}.akkascale.internal");
        }

        request.CertificateExtensions.Add(names.Build());
        var (begins, until) = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow + (ends ?? TimeSpan.FromDays(1)));
        if (selfSigned)
        {
            return request.CreateSelfSigned(begins, until);
        }

        using var certificate = request.Create(_certificate, begins, until, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The same as files: certificate and key, PEM.</summary>
    public (string Certificate, string Key) Write(X509Certificate2 certificate)
    {
        var name = Path.Combine(_directory.FullName, $"{Interlocked.Increment(ref _count)}");
        File.WriteAllText($"{name}.pem", certificate.ExportCertificatePem());
        File.WriteAllText($"{name}-key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return ($"{name}.pem", $"{name}-key.pem");
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }
}
