using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>Writes the fields of handoff frames.</summary>
internal readonly struct FieldWriter(IBufferWriter<byte> output)
{
    private const int MaxTextBytes = ushort.MaxValue;

    public void Flag(bool value)
    {
        output.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        output.Advance(1);
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
        output.Advance(16);
    }

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > MaxTextBytes)
        {
            throw new InvalidOperationException($"A text of {length} bytes does not fit a frame; {MaxTextBytes} are allowed.");
        }

        UInt16((ushort)length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }
}
