using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>Parsing of Protobuf payloads from peers that nobody trusts yet.</summary>
internal static class ControlMessage
{
    public static bool TryParse<T>(MessageParser<T> parser, ReadOnlySequence<byte> payload, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(payload);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
