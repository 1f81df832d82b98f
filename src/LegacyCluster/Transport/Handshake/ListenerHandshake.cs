using System.Buffers;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>
/// The accepting side as a pure machine: a received control message goes in, the message to answer with comes out, or the
/// result that ends it. Waiting for a Hello, then for a Proof.
/// </summary>
internal sealed class ListenerHandshake(HandshakeIdentity identity, byte[] nonce, Func<Incarnation, bool> isGone)
{
    private HandshakeTranscript? _transcript;

    /// <summary>Answers a Hello. Null challenge: <paramref name="result"/> says why.</summary>
    public Challenge? OnHello(ReadOnlySequence<byte> payload, out HandshakeResult? result)
    {
        if (!ControlMessage.TryParse(Hello.Parser, payload, out var hello) || !IsWellFormed(hello))
        {
            result = new HandshakeResult.Broken(ProtocolError.MalformedPayload);
            return null;
        }

        var caller = HandshakeTranscript.Decode(hello.FromIncarnation.Span);
        result = Objection(hello, caller);
        if (result is not null)
        {
            return null;
        }

        _transcript = new HandshakeTranscript(
            caller,
            identity.Self,
            hello.Nonce.Memory,
            nonce,
            identity.ClusterName);
        return new Challenge { Nonce = Google.Protobuf.ByteString.CopyFrom(nonce) };
    }

    /// <summary>Checks a Proof. The welcome may be sent as soon as the caller is ready for frames.</summary>
    public HandshakeResult OnProof(ReadOnlySequence<byte> payload, out Welcome? welcome)
    {
        welcome = null;
        if (_transcript is null)
        {
            return new HandshakeResult.Broken(ProtocolError.UnexpectedType);
        }

        if (!ControlMessage.TryParse(Proof.Parser, payload, out var proof) || proof.Mac.Length != HandshakeTranscript.MacBytes)
        {
            return new HandshakeResult.Broken(ProtocolError.MalformedPayload);
        }

        if (!_transcript.IsDialerMac(identity.Secret, proof.Mac.Span))
        {
            return new HandshakeResult.Refused(RefusalReason.WrongProof, $"{_transcript.Dialer} does not know the cluster secret");
        }

        welcome = new Welcome { Mac = Google.Protobuf.ByteString.CopyFrom(_transcript.ListenerMac(identity.Secret)) };
        return new HandshakeResult.Authenticated(_transcript.Dialer);
    }

    private HandshakeResult.Refused? Objection(Hello hello, Incarnation caller)
    {
        if (hello.Version != ProtocolVersion.Current)
        {
            return new(RefusalReason.UnsupportedVersion, $"it speaks version {hello.Version} of the protocol, this process version {ProtocolVersion.Current}");
        }

        if (!string.Equals(hello.ClusterName, identity.ClusterName, StringComparison.Ordinal))
        {
            return new(RefusalReason.OtherCluster, $"it belongs to the cluster \"{LogText.Escape(hello.ClusterName)}\"");
        }

        var called = HandshakeTranscript.Decode(hello.ToIncarnation.Span);
        if (called != identity.Self)
        {
            return new(RefusalReason.OtherIncarnation, $"it called {called}, this is {identity.Self}");
        }

        return caller == identity.Self || isGone(caller)
            ? new(RefusalReason.CallerGone, $"{caller} is this very process or was declared down")
            : null;
    }

    private static bool IsWellFormed(Hello hello) =>
        hello.FromIncarnation.Length == HandshakeTranscript.IncarnationBytes
        && hello.ToIncarnation.Length == HandshakeTranscript.IncarnationBytes
        && hello.Nonce.Length == HandshakeTranscript.NonceBytes
        && Encoding.UTF8.GetByteCount(hello.ClusterName) <= HandshakeTranscript.MaxClusterNameBytes;
}
