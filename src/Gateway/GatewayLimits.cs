using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaScale.Gateway;

/// <summary>What one client may take of the server.</summary>
public static class GatewayLimits
{
    /// <summary>Of a request body, in bytes.</summary>
    public const int MaxBodyLength = 256 * 1024;

    /// <summary>Open at one time on one port. Above what a flood of idle connections is tested with, so that others still find room.</summary>
    public const int MaxConnections = 20_000;

    /// <summary>
    /// Bounds on the server: lengths, times and rates. Room for two ids of 255 characters, each percent-encoded in twelve bytes, in a request line.
    /// </summary>
    public static void Apply(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.AllowSynchronousIO = false;
        server.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http1);

        var limits = server.Limits;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestBodySize = MaxBodyLength;

        // Slow clients: the header as a whole has a deadline, bodies and answers a least rate after a grace period.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
