using System.Buffers;
using System.Buffers.Binary;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>Encodes copies into chunks within the bound of a frame. Runs off the shard's turn: states are immutable.</summary>
internal static class ChunkPacker
{
    private const int LengthBytes = 4;

    /// <summary>An entity that fits no frame, or that cannot be written, is left out: it loads from the journal.</summary>
    public static List<byte[]> Pack(IReadOnlyList<WarmCopy> copies)
    {
        var chunks = new List<byte[]>();
        var chunk = new ArrayBufferWriter<byte>();
        var one = new ArrayBufferWriter<byte>();
        foreach (var copy in copies)
        {
            one.ResetWrittenCount();
            if (!TryWrite(one, copy))
            {
                continue;
            }

            if (chunk.WrittenCount + LengthBytes + one.WrittenCount > HandoffCodec.MaxChunkBytes)
            {
                chunks.Add(chunk.WrittenSpan.ToArray());
                chunk.ResetWrittenCount();
            }

            BinaryPrimitives.WriteInt32BigEndian(chunk.GetSpan(LengthBytes), one.WrittenCount);
            chunk.Advance(LengthBytes);
            chunk.Write(one.WrittenSpan);
        }

        if (chunk.WrittenCount > 0)
        {
            chunks.Add(chunk.WrittenSpan.ToArray());
        }

        return chunks;
    }

    private static bool TryWrite(ArrayBufferWriter<byte> output, WarmCopy copy)
    {
        try
        {
            WarmCopyCodec.Write(output, copy);
            return LengthBytes + output.WrittenCount <= HandoffCodec.MaxChunkBytes;
        }
        catch (Exception)
        {
            // Code of the kind or its serializer failed; the next owner meets the same state when it folds the events.
            return false;
        }
    }
}
