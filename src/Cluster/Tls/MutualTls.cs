using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Transport.DotNetty;

namespace AkkaScale.Cluster.Tls;

/// <summary>Akka.Remote's TLS, with the cluster's own authority instead of the machine's.</summary>
internal static class MutualTls
{
    public static void AddTo(AkkaConfigurationBuilder builder, ClusterCertificates certificates)
    {
        builder.Setups.Add(new DotNettySslSetup(
            certificates.Own,
            suppressValidation: false,
            requireMutualAuthentication: true,
            validateCertificateHostname: true,
            (certificate, _, peer, errors, log) => IsTaken(certificates, certificate, peer, errors, log)));

        // With batched writes an association now and then hangs for 7 s and more: what is written before TLS has shaken hands is not sent. Seen
        // in 3 of 20 starts of three nodes, in none without batching.
        builder.AddHocon("akka.remote.dot-netty.tcp { enable-ssl = on, batching.enabled = false }", HoconAddMode.Prepend);
    }

    /// <remarks>Errors of the chain are those of the machine's own trust, which says nothing here.</remarks>
    private static bool IsTaken(
        ClusterCertificates certificates, X509Certificate2? certificate, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var why = certificates.WhyRefused(certificate, namesHost: !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch));
        if (why is not null)
        {
            log.Warning("A connection with {0} is refused: {1}.", peer, why);
        }

        return why is null;
    }
}
