using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaScale.Gateway.Options;

/// <summary>What one client may take of the server.</summary>
public static class GatewayLimits
{
    /// <summary>Of a request body, in bytes.</summary>
    public const int MaxBodyLength = 256 * 1024;

    /// <summary>What is read at most of a body that was refused, in bytes, to be thrown away: a client that is still sending would else lose the answer with the connection.</summary>
    public const int MaxDiscardedLength = 16 * 1024 * 1024;

    /// <summary>Open at one time on one port. Above what a flood of idle connections is tested with, so that others still find room.</summary>
    public const int MaxConnections = 20_000;

    /// <summary>
    /// Bounds on the server: lengths, times and rates. Room for two ids of 255 characters, each percent-encoded in twelve bytes, in a request line.
    /// </summary>
    public static void Apply(KestrelServerOptions server)
    {
        // Lines that end in LF alone are cut differently by different servers. A switch of the process, since the server has no option for it; read at its start.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        server.AddServerHeader = false;
        server.AllowSynchronousIO = false;
        server.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http1);

        var limits = server.Limits;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;

        // The gateway itself cuts bodies at their limit: the server would count the framing of chunks too, and could not tell why it closes.
        limits.MaxRequestBodySize = MaxDiscardedLength;

        // Slow clients: the header as a whole has a deadline, bodies and answers a least rate after a grace period.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
