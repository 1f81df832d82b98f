using System.Net;
using System.Text;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>What must be right before a cluster port is opened. The host refuses to start while there is a problem.</summary>
public static class ClusterPortCheck
{
    /// <summary>A shorter secret can be guessed from one recorded handshake.</summary>
    public const int MinSecretBytes = 16;

    private const int SmallestMaxFrameBytes = 64 * 1024;

    /// <summary>Sentences that each say what to change; empty when the port may be opened.</summary>
    /// <param name="bind">host:port of <c>Node:ClusterBind</c>; a host name counts as loopback only if it is localhost.</param>
    public static IReadOnlyList<string> Problems(string bind, ClusterOptions cluster, TransportOptions transport)
    {
        var problems = new List<string>();
        AddSecretProblems(problems, bind, cluster.Secret);
        if (Encoding.UTF8.GetByteCount(cluster.Name) is 0 or > Handshake.HandshakeTranscript.MaxClusterNameBytes)
        {
            problems.Add($"AkkaScale:Cluster:Name must have 1 to {Handshake.HandshakeTranscript.MaxClusterNameBytes} bytes in UTF-8.");
        }

        AddBoundProblems(problems, transport);
        return problems;
    }

    private static void AddSecretProblems(List<string> problems, string bind, string secret)
    {
        var endpoint = PeerAddress.TryParse(bind);
        if (endpoint is null)
        {
            problems.Add($"AkkaScale:Node:ClusterBind is \"{LogText.Escape(bind)}\" and must be host:port, for example 127.0.0.1:4053.");
            return;
        }

        if (IsLoopback(endpoint))
        {
            return;
        }

        if (secret.Length == 0)
        {
            problems.Add(
                $"The cluster port binds to {bind}, which is not loopback, and there is no secret: set AkkaScale:Cluster:Secret "
                + "to the same random text on all members, or bind AkkaScale:Node:ClusterBind to 127.0.0.1.");
        }
        else if (Encoding.UTF8.GetByteCount(secret) < MinSecretBytes)
        {
            problems.Add(
                $"AkkaScale:Cluster:Secret is shorter than {MinSecretBytes} bytes, too short for a cluster port that is not on loopback ({bind}): "
                + "choose a longer random text.");
        }
    }

    private static void AddBoundProblems(List<string> problems, TransportOptions transport)
    {
        if (transport.MaxFrameBytes < SmallestMaxFrameBytes)
        {
            problems.Add($"AkkaScale:Transport:MaxFrameBytes must be at least {SmallestMaxFrameBytes}.");
        }

        if (transport.MaxUnsentBytes < transport.MaxFrameBytes)
        {
            problems.Add("AkkaScale:Transport:MaxUnsentBytes must be at least MaxFrameBytes, or the largest frame could never be sent.");
        }

        if (transport.MaxConnections < 1)
        {
            problems.Add("AkkaScale:Transport:MaxConnections must be at least 1.");
        }

        if (transport.MinBackoff <= TimeSpan.Zero || transport.MaxBackoff < transport.MinBackoff)
        {
            problems.Add("AkkaScale:Transport:MinBackoff must be above zero and MaxBackoff at least as long.");
        }

        if (transport.HandshakeTimeout <= TimeSpan.Zero || transport.HandshakeTimeout > TimeSpan.FromMinutes(1))
        {
            problems.Add("AkkaScale:Transport:HandshakeTimeout must be above zero and at most a minute.");
        }

        if (transport.PingInterval < TimeSpan.FromMilliseconds(10))
        {
            problems.Add("AkkaScale:Transport:PingInterval must be at least 10 ms.");
        }
    }

    private static bool IsLoopback(EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint dns => string.Equals(dns.Host, "localhost", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
