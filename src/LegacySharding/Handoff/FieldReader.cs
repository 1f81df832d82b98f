using System.Buffers.Binary;
using System.Text;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>Reads the fields of handoff frames; never past the end.</summary>
/// <remarks>Every method throws <see cref="FrameFormatException"/> when the field is not there.</remarks>
internal sealed class FieldReader(ReadOnlyMemory<byte> payload)
{
    private int _at;

    public bool IsAtEnd => _at == payload.Length;

    public int Remaining => payload.Length - _at;

    public bool Flag() => Bytes(1).Span[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new FrameFormatException($"A flag of a handoff frame is {other}."),
    };

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2).Span);

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4).Span);

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Bytes(8).Span);

    public Guid Guid() => new(Bytes(16).Span, bigEndian: true);

    public string Text() => Encoding.UTF8.GetString(Bytes(UInt16()).Span);

    public ReadOnlyMemory<byte> Bytes(int length)
    {
        if (length < 0 || length > Remaining)
        {
            throw new FrameFormatException("A handoff frame ends before its content does.");
        }

        _at += length;
        return payload.Slice(_at - length, length);
    }
}
