using System.Buffers;
using System.Buffers.Binary;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// Cuts one direction of a connection into frames, without copying payloads. Every field is checked as soon as its bytes
/// are there, so that a bad length is refused before any of the frame is waited for or buffered.
/// </summary>
internal sealed class FrameParser(int maxFrameBytes)
{
    private static readonly bool[] KnownTypes = TableOfTypes();

    private ulong _nextSequence;

    /// <summary>Raised after the handshake, whose frames have a smaller bound.</summary>
    public int MaxFrameBytes { get; set; } = maxFrameBytes;

    /// <summary>
    /// Takes the next whole frame off the front of <paramref name="buffer"/>. False: there is none yet, or
    /// <paramref name="error"/> says why there will never be one.
    /// </summary>
    public bool TryRead(
        ref ReadOnlySequence<byte> buffer, out FrameType type, out ReadOnlySequence<byte> payload, out ProtocolError error)
    {
        type = default;
        payload = default;
        error = ProtocolError.None;

        var available = (int)Math.Min(buffer.Length, FrameHeader.Size);
        Span<byte> copy = stackalloc byte[FrameHeader.Size];
        scoped var header = buffer.FirstSpan;
        if (header.Length < available)
        {
            buffer.Slice(0, available).CopyTo(copy);
            header = copy;
        }

        error = Check(header[..available], out var length);
        if (error != ProtocolError.None || available < FrameHeader.Size || buffer.Length < length)
        {
            return false;
        }

        type = (FrameType)header[FrameHeader.TypeOffset];
        payload = buffer.Slice(FrameHeader.Size, length - FrameHeader.Size);
        buffer = buffer.Slice(length);
        _nextSequence++;
        return true;
    }

    /// <summary>Checks as many header fields as there are bytes for.</summary>
    private ProtocolError Check(ReadOnlySpan<byte> header, out uint length)
    {
        length = 0;
        if (header.Length < FrameHeader.TypeOffset)
        {
            return ProtocolError.None;
        }

        length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length < FrameHeader.Size)
        {
            return ProtocolError.LengthTooSmall;
        }

        if (length > (uint)MaxFrameBytes)
        {
            return ProtocolError.LengthTooLarge;
        }

        if (header.Length > FrameHeader.TypeOffset && !KnownTypes[header[FrameHeader.TypeOffset]])
        {
            return ProtocolError.UnknownType;
        }

        return header.Length == FrameHeader.Size
            && BinaryPrimitives.ReadUInt64LittleEndian(header[FrameHeader.SequenceOffset..]) != _nextSequence
            ? ProtocolError.OutOfSequence
            : ProtocolError.None;
    }

    private static bool[] TableOfTypes()
    {
        var known = new bool[256];
        foreach (var type in Enum.GetValues<FrameType>())
        {
            known[(byte)type] = true;
        }

        return known;
    }
}
