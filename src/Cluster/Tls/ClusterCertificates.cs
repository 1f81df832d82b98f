using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Tls;

/// <summary>What this process shows, and by whom it knows the others.</summary>
public sealed class ClusterCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _authorities;
    private readonly string _cluster;

    private ClusterCertificates(X509Certificate2 own, X509Certificate2Collection authorities, string cluster) =>
        (Own, _authorities, _cluster) = (own, authorities, cluster);

    /// <summary>With its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>SHA-256 of the cluster's authority, 64 hexadecimal digits.</summary>
    public string AuthorityFingerprint => Convert.ToHexStringLower(_authorities[0].GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>The alternative name (DNS) by which a certificate belongs to a cluster, so that two clusters may have one authority.</summary>
    public static string NameOf(string cluster) => $"{cluster}.akkascale.internal";

    /// <exception cref="ClusterRefusedException">A file is missing or no PEM, the key is another's, or peers would refuse the certificate.</exception>
    public static ClusterCertificates Load(ClusterTlsOptions options, string cluster)
    {
        if (options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new ClusterRefusedException(string.Join(' ', problems));
        }

        X509Certificate2 own;
        var authorities = new X509Certificate2Collection();
        try
        {
            own = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            authorities.ImportFromPemFile(options.AuthorityFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ClusterRefusedException(
                $"Tls: {options.CertificateFile}, {options.KeyFile} and {options.AuthorityFile} are no certificate, its key and an authority in PEM: {error.Message}");
        }

        if (authorities.Count == 0)
        {
            throw new ClusterRefusedException($"Tls:AuthorityFile is {options.AuthorityFile}, in which there is no certificate.");
        }

        var certificates = new ClusterCertificates(own, authorities, cluster);
        return certificates.WhyRefused(own) is { } why
            ? throw new ClusterRefusedException($"Tls: the certificate {options.CertificateFile} would be refused by every member: {why}.")
            : certificates;
    }

    /// <summary>Why a peer's certificate is not taken, in words; null: it is.</summary>
    /// <param name="certificate">Null: it showed none.</param>
    /// <param name="namesHost">False: of the process that was called it does not name the host.</param>
    public string? WhyRefused(X509Certificate2? certificate, bool namesHost = true)
    {
        if (certificate is null)
        {
            return "it shows no certificate";
        }

        if (!NamesCluster(certificate))
        {
            return $"the certificate {certificate.Subject} does not name the cluster ({NameOf(_cluster)})";
        }

        if (!namesHost)
        {
            return $"the certificate {certificate.Subject} does not name the host that was called";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate)
            ? null
            : $"the certificate {certificate.Subject} is not good for this cluster's authority: "
                + string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')).Distinct());
    }

    /// <exception cref="ClusterRefusedException">Whoever calls this process under that host would refuse its certificate.</exception>
    internal void CheckHost(string host)
    {
        if (!Own.MatchesHostname(host))
        {
            throw new ClusterRefusedException(
                $"Tls: this process is called as {host}, which its certificate {Own.Subject} does not name: every member would refuse it. Issue it one with --host {host}.");
        }
    }

    private bool NamesCluster(X509Certificate2 certificate) => certificate.Extensions
        .OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames())
        .Contains(NameOf(_cluster), StringComparer.Ordinal);
}
