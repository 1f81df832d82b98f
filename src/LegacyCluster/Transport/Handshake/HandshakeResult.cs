using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>How a handshake ended; anything but <see cref="Authenticated"/> ends the connection.</summary>
internal abstract record HandshakeResult
{
    private HandshakeResult()
    {
    }

    public sealed record Authenticated(Incarnation Peer) : HandshakeResult;

    /// <summary>This side says no. <paramref name="Detail"/> is for the log and never sent.</summary>
    public sealed record Refused(RefusalReason Reason, string Detail) : HandshakeResult;

    /// <summary>The listener said no, or so somebody who answers at its address claims: nothing proves it.</summary>
    public sealed record RefusedByPeer(RefusalReason Reason) : HandshakeResult;

    public sealed record Broken(ProtocolError Error) : HandshakeResult;

    /// <summary>The other side ended the connection without a word.</summary>
    public sealed record Abandoned : HandshakeResult;
}
