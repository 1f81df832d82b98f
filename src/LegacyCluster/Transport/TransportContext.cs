using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

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
