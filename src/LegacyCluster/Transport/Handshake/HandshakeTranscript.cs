using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>
/// Everything the two sides have to agree on. Each proves the secret by HMAC-SHA256 over all of it: both nonces make a
/// replay worthless, the direction a reflection, the incarnations and the cluster name a detour to somebody else.
/// </summary>
internal sealed record HandshakeTranscript(
    Incarnation Dialer,
    Incarnation Listener,
    ReadOnlyMemory<byte> DialerNonce,
    ReadOnlyMemory<byte> ListenerNonce,
    string ClusterName)
{
    public const int NonceBytes = 32;
    public const int MacBytes = 32;
    public const int IncarnationBytes = 16;
    public const int MaxClusterNameBytes = 255;

    private const byte FromDialer = 1;
    private const byte FromListener = 2;

    public byte[] DialerMac(byte[] secret) => Mac(secret, FromDialer);

    public byte[] ListenerMac(byte[] secret) => Mac(secret, FromListener);

    public bool IsDialerMac(byte[] secret, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(DialerMac(secret), mac);

    public bool IsListenerMac(byte[] secret, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(ListenerMac(secret), mac);

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceBytes);

    public static byte[] Encode(Incarnation incarnation) => incarnation.Value.ToByteArray(bigEndian: true);

    public static Incarnation Decode(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));

    private byte[] Mac(byte[] secret, byte direction)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData("AkkaScale transport handshake"u8);
        mac.AppendData([direction]);
        Append(mac, ProtocolVersion.Current);
        mac.AppendData(Encode(Dialer));
        mac.AppendData(Encode(Listener));
        mac.AppendData(DialerNonce.Span);
        mac.AppendData(ListenerNonce.Span);

        // The only field without a fixed length comes last, behind its length.
        var name = Encoding.UTF8.GetBytes(ClusterName);
        Append(mac, (uint)name.Length);
        mac.AppendData(name);
        return mac.GetHashAndReset();
    }

    private static void Append(IncrementalHash mac, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        mac.AppendData(bytes);
    }
}
