using System.Net;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>host:port texts, as configuration and member rows hold them; IPv6 hosts stand in brackets.</summary>
internal static class PeerAddress
{
    /// <summary>Null: not of the form host:port with a port of 0 to 65,535.</summary>
    public static EndPoint? TryParse(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(address.AsSpan(colon + 1), out var port))
        {
            return null;
        }

        var host = address[..colon];
        if (host is ['[', .., ']'])
        {
            host = host[1..^1];
        }
        else if (host.Contains(':'))
        {
            return null;
        }

        return IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port);
    }
}
