using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AkkaScale.Entities;

/// <summary>Makes an ask a message of another entity.</summary>
/// <param name="Nr">Grows from message to message of the sender.</param>
/// <param name="IsClose">No command: the channel was idle, and everything up to and with this number was acknowledged; the receiver may forget the sender.</param>
internal readonly record struct MessageDelivery(EntityKey Sender, long Nr, bool IsClose)
{
    /// <summary>
    /// The command id of this message at this receiver: what a trace of commands finds it by. A UUIDv8 of SHA-256. Deduplication does not use it: it goes by
    /// number, which no window ends.
    /// </summary>
    public Guid CommandId(EntityKey receiver)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[9];
        BinaryPrimitives.WriteInt64BigEndian(number, Nr);
        number[8] = IsClose ? (byte)1 : (byte)0;
        hash.AppendData(number);
        foreach (var text in (ReadOnlySpan<string>)[Sender.Kind, Sender.Id, receiver.Kind, receiver.Id])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        var bytes = hash.GetHashAndReset();
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes.AsSpan(0, 16), bigEndian: true);
    }
}

/// <summary>Stands for the command of a close, which has none.</summary>
internal sealed class CloseChannel
{
    public static CloseChannel Instance { get; } = new();
}
