using System.Buffers;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// The payloads of handoff frames. Integers are big-endian, texts are UTF-8 behind a 16-bit length; each begins with the handoff id.
/// Offer: shard i32, epoch i64. Answer: accepted u8, reason. Chunk: number i32, then entities to the end, each behind its length i32
/// (see <see cref="WarmCopyCodec"/>). Chunk ack: number i32, full u8. Manifest: part i32, last u8, chunks i32, next position i64, then
/// (stamp i64, version i64) each. Manifest ack: complete u8. Abort: reason.
/// </summary>
internal static class HandoffCodec
{
    /// <summary>A frame is sent whole between two others: small ones keep asks from waiting behind it.</summary>
    public const int MaxFrameBytes = 256 * 1024;

    /// <summary>Bound on what entities take in a chunk; the rest is for number and id.</summary>
    public const int MaxChunkBytes = MaxFrameBytes - 1_024;

    public const int MaxEntriesPerPart = MaxChunkBytes / EntryBytes;

    private const int EntryBytes = 16;

    public static void WriteOffer(IBufferWriter<byte> output, string id, int shard, long epoch)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Int32(shard);
        writer.Int64(epoch);
    }

    public static void WriteAnswer(IBufferWriter<byte> output, string id, bool isAccepted, string reason)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Flag(isAccepted);
        writer.Text(reason);
    }

    public static void WriteChunk(IBufferWriter<byte> output, string id, int number, ReadOnlySpan<byte> entities)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Int32(number);
        output.Write(entities);
    }

    public static void WriteChunkAck(IBufferWriter<byte> output, string id, int number, bool isFull)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Int32(number);
        writer.Flag(isFull);
    }

    public static void WriteManifest(
        IBufferWriter<byte> output, string id, int part, bool isLast, int chunks, long nextPosition, IEnumerable<ManifestEntry> entries)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Int32(part);
        writer.Flag(isLast);
        writer.Int32(chunks);
        writer.Int64(nextPosition);
        foreach (var entry in entries)
        {
            writer.Int64(entry.Stamp);
            writer.Int64(entry.Version);
        }
    }

    public static void WriteManifestAck(IBufferWriter<byte> output, string id, bool isComplete)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Flag(isComplete);
    }

    public static void WriteAbort(IBufferWriter<byte> output, string id, string reason)
    {
        var writer = new FieldWriter(output);
        writer.Text(id);
        writer.Text(reason);
    }

    /// <param name="rememberedBound">Commands an entity remembers here.</param>
    /// <exception cref="FrameFormatException">The frame does not follow the format.</exception>
    public static HandoffFrame Read(FrameType type, ReadOnlyMemory<byte> payload, EntityKindRegistry kinds, int rememberedBound)
    {
        var reader = new FieldReader(payload);
        var id = reader.Text();
        return type switch
        {
            FrameType.HandoffOffer => new HandoffFrame.Offer(id, reader.Int32(), reader.Int64()),
            FrameType.HandoffAnswer => new HandoffFrame.Answer(id, reader.Flag(), reader.Text()),
            FrameType.HandoffChunk => ReadChunk(id, reader, kinds, rememberedBound),
            FrameType.HandoffChunkAck => new HandoffFrame.ChunkAck(id, reader.Int32(), reader.Flag()),
            FrameType.HandoffManifest => ReadManifest(id, reader),
            FrameType.HandoffManifestAck => new HandoffFrame.ManifestAck(id, reader.Flag()),
            FrameType.HandoffAbort => new HandoffFrame.Abort(id, reader.Text()),
            _ => throw new FrameFormatException($"Frame type 0x{(byte)type:X2} is not a known one of handoffs."),
        };
    }

    private static HandoffFrame.Chunk ReadChunk(string id, FieldReader reader, EntityKindRegistry kinds, int rememberedBound)
    {
        var number = reader.Int32();
        var copies = new List<WarmCopy>();
        var sizes = new List<int>();
        while (!reader.IsAtEnd)
        {
            var encoded = reader.Bytes(reader.Int32());
            if (WarmCopyCodec.Read(encoded, kinds, rememberedBound) is { } copy)
            {
                copies.Add(copy);
                sizes.Add(encoded.Length);
            }
        }

        return new HandoffFrame.Chunk(id, number, copies, sizes);
    }

    private static HandoffFrame.Manifest ReadManifest(string id, FieldReader reader)
    {
        var (part, isLast, chunks, nextPosition) = (reader.Int32(), reader.Flag(), reader.Int32(), reader.Int64());
        var entries = new List<ManifestEntry>(reader.Remaining / EntryBytes);
        while (!reader.IsAtEnd)
        {
            entries.Add(new ManifestEntry(reader.Int64(), reader.Int64()));
        }

        return new HandoffFrame.Manifest(id, part, isLast, chunks, nextPosition, entries);
    }
}
