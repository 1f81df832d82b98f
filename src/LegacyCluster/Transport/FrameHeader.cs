using System.Buffers.Binary;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// The start of every frame, little endian: length of the whole frame in bytes, header included (uint32); type (byte);
/// sequence number (uint64), 0 for the first frame of each direction and one more for every further frame.
/// </summary>
internal readonly record struct FrameHeader(uint Length, FrameType Type, ulong Sequence)
{
    public const int Size = 13;

    public const int TypeOffset = 4;

    public const int SequenceOffset = 5;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Length);
        destination[TypeOffset] = (byte)Type;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[SequenceOffset..], Sequence);
    }
}
