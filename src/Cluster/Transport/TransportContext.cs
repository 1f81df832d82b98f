using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Transport.Handshake;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Transport;

/// <summary>What all connections of one incarnation share.</summary>
internal sealed record TransportContext(
    HandshakeIdentity Identity,
    TransportOptions Options,
    IFrameReceiver Receiver,
    TimeProvider Time,
    TransportMetrics Metrics,
    ILoggerFactory Loggers)
{
    /// <summary>What repeats is logged once per subject and minute.</summary>
    public LogThrottle Throttle { get; } = new(Time, TimeSpan.FromMinutes(1));
}
