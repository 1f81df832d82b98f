using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Counts handshakes that failed, and tells about them once per other side, reason and minute.</summary>
internal sealed partial class HandshakeReport(TransportContext context)
{
    private readonly ILogger _logger = context.Loggers.CreateLogger<HandshakeReport>();

    /// <param name="other">Who is on the other side, without the port a stranger may vary.</param>
    public void Failed(HandshakeResult result, string other, bool outbound)
    {
        switch (result)
        {
            case HandshakeResult.Refused refused:
                Refused(NameOf(refused.Reason), refused.Detail, other, outbound);
                break;
            case HandshakeResult.RefusedByPeer refused:
                Refused(NameOf(refused.Reason), "it refused this process", other, outbound);
                break;
            case HandshakeResult.Broken broken:
                context.Metrics.Broken(broken.Error);
                Refused("broken", TransportMetrics.NameOf(broken.Error), other, outbound);
                break;
            case HandshakeResult.Abandoned:
                Refused("abandoned", "it closed the connection", other, outbound);
                break;
        }
    }

    public void TimedOut(string other, bool outbound) =>
        Refused("timeout", $"it was not done within {context.Options.HandshakeTimeout}", other, outbound);

    public void NoRoom(string other) => Refused("too_many", $"{context.Options.MaxConnections} connections are open", other, outbound: false);

    public void DroppedForRoom(string other) => Refused("dropped", "a newer one needed its place", other, outbound: false);

    private void Refused(string reason, string detail, string other, bool outbound)
    {
        context.Metrics.HandshakeRefused(reason, outbound);
        if (context.Throttle.TryPass($"{reason} {outbound} {other}", out var suppressed))
        {
            LogRefused(_logger, outbound ? "to" : "from", other, reason, detail, suppressed);
        }
    }

    private static string NameOf(RefusalReason reason) => reason switch
    {
        RefusalReason.UnsupportedVersion => "unsupported_version",
        RefusalReason.OtherCluster => "other_cluster",
        RefusalReason.OtherIncarnation => "other_incarnation",
        RefusalReason.WrongProof => "wrong_proof",
        RefusalReason.CallerGone => "caller_gone",
        _ => "unspecified",
    };

    [LoggerMessage(1, LogLevel.Warning, "The cluster connection {Direction} {Other} was refused, {Reason}: {Detail} ({Suppressed} more since the last report)")]
    private static partial void LogRefused(ILogger logger, string direction, string other, string reason, string detail, int suppressed);
}
