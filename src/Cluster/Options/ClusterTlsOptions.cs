namespace AkkaScale.Cluster.Options;

/// <summary>
/// Mutual TLS between the members of a cluster: PEM files, read at start. All three or none. A process shows its certificate to whom it calls and
/// to who calls it, and takes only certificates of the cluster's authority that name the cluster.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>
    /// This process's certificate, for server and client authentication. Its alternative names have the host of its remoting address, and (DNS)
    /// <c>NAME.akkascale.internal</c> with the cluster's name.
    /// </summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Its private key, not encrypted: kept from others by the file's mode.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// The authority of the cluster; its fingerprint is in the cluster's row, and who has another is refused. Further ones in the file are
    /// trusted too: so an authority is replaced.
    /// </summary>
    public string AuthorityFile { get; set; } = "";

    public bool IsSet => CertificateFile.Length > 0 || KeyFile.Length > 0 || AuthorityFile.Length > 0;

    /// <summary>What cannot work, with what to change.</summary>
    public IEnumerable<string> Validate()
    {
        if (!IsSet)
        {
            yield break;
        }

        foreach (var (name, file) in new[] { (nameof(CertificateFile), CertificateFile), (nameof(KeyFile), KeyFile), (nameof(AuthorityFile), AuthorityFile) })
        {
            if (file.Length == 0)
            {
                yield return $"Tls:{name} is empty: give all three of CertificateFile, KeyFile and AuthorityFile, or none.";
            }
            else if (!File.Exists(file))
            {
                yield return $"Tls:{name} is \"{file}\": there is no such file that this process can read. `pbm tls create-ca` and `pbm tls issue` make them.";
            }
        }
    }
}
