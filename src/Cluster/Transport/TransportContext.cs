using System.Collections.Immutable;
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
    private ImmutableDictionary<Incarnation, string> _memberNames = ImmutableDictionary<Incarnation, string>.Empty;

    /// <summary>Names and program versions of the members, this one among them, for the log.</summary>
    public ImmutableDictionary<Incarnation, string> MemberNames
    {
        get => Volatile.Read(ref _memberNames);
        set => Volatile.Write(ref _memberNames, value);
    }

    public string NameOf(Incarnation member) => MemberNames.TryGetValue(member, out var name) ? name : member.ToString();

    /// <summary>What repeats is logged once per subject and minute.</summary>
    public LogThrottle Throttle { get; } = new(Time, TimeSpan.FromMinutes(1));
}
