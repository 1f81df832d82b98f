using System.Buffers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;
using Google.Protobuf;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>The connecting side as a pure machine: Hello out, Challenge in, Proof out, Welcome in.</summary>
internal sealed class DialerHandshake(HandshakeIdentity identity, Incarnation peer, byte[] nonce)
{
    private HandshakeTranscript? _transcript;

    public Hello Hello() => new()
    {
        Version = ProtocolVersion.Current,
        ClusterName = identity.ClusterName,
        FromIncarnation = ByteString.CopyFrom(HandshakeTranscript.Encode(identity.Self)),
        ToIncarnation = ByteString.CopyFrom(HandshakeTranscript.Encode(peer)),
        Nonce = ByteString.CopyFrom(nonce),
    };

    /// <summary>Answers a Challenge. Null proof: <paramref name="result"/> says why.</summary>
    public Proof? OnChallenge(ReadOnlySequence<byte> payload, out HandshakeResult? result)
    {
        result = new HandshakeResult.Broken(ProtocolError.MalformedPayload);
        if (!ControlMessage.TryParse(Challenge.Parser, payload, out var challenge)
            || challenge.Nonce.Length != HandshakeTranscript.NonceBytes)
        {
            return null;
        }

        result = null;
        _transcript = new HandshakeTranscript(
            identity.Self,
            peer,
            nonce,
            challenge.Nonce.Memory,
            identity.ClusterName);
        return new Proof { Mac = ByteString.CopyFrom(_transcript.DialerMac(identity.Secret)) };
    }

    public HandshakeResult OnWelcome(ReadOnlySequence<byte> payload)
    {
        if (_transcript is null)
        {
            return new HandshakeResult.Broken(ProtocolError.UnexpectedType);
        }

        if (!ControlMessage.TryParse(Welcome.Parser, payload, out var welcome) || welcome.Mac.Length != HandshakeTranscript.MacBytes)
        {
            return new HandshakeResult.Broken(ProtocolError.MalformedPayload);
        }

        return _transcript.IsListenerMac(identity.Secret, welcome.Mac.Span)
            ? new HandshakeResult.Authenticated(peer)
            : new HandshakeResult.Refused(RefusalReason.WrongProof, "it does not know the cluster secret");
    }

    public static HandshakeResult OnRefusal(ReadOnlySequence<byte> payload) =>
        ControlMessage.TryParse(Refusal.Parser, payload, out var refusal)
            ? new HandshakeResult.RefusedByPeer(refusal.Reason)
            : new HandshakeResult.Broken(ProtocolError.MalformedPayload);
}
