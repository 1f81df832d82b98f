using System.Buffers;
using System.Buffers.Binary;
using AkkaScale.Cluster.Transport;

namespace AkkaScale.Sharding.Regions;

/// <summary>
/// Entities in memory by shard, as the shards' node counts them. Frame: correlation i64, count i32, then (shard i32, residents i32)
/// each; the request is the correlation alone.
/// </summary>
public sealed record RegionStats(IReadOnlyList<(int Shard, int Residents)> Shards)
{
    private const int HeaderBytes = 12;
    private const int EntryBytes = 8;

    internal static void WriteRequest(IBufferWriter<byte> output, long correlation)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), correlation);
        output.Advance(8);
    }

    internal static long ReadRequest(ReadOnlySequence<byte> payload) =>
        payload.Length == 8 ? BinaryPrimitives.ReadInt64BigEndian(payload.ToArray()) : throw new FrameFormatException("A stats request has a wrong length.");

    internal void Write(IBufferWriter<byte> output, long correlation)
    {
        var length = HeaderBytes + EntryBytes * Shards.Count;
        var span = output.GetSpan(length);
        BinaryPrimitives.WriteInt64BigEndian(span, correlation);
        BinaryPrimitives.WriteInt32BigEndian(span[8..], Shards.Count);
        for (var index = 0; index < Shards.Count; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[(HeaderBytes + index * EntryBytes)..], Shards[index].Shard);
            BinaryPrimitives.WriteInt32BigEndian(span[(HeaderBytes + index * EntryBytes + 4)..], Shards[index].Residents);
        }

        output.Advance(length);
    }

    internal static (long Correlation, RegionStats Stats) Read(ReadOnlySequence<byte> payload)
    {
        var bytes = payload.ToArray();
        if (bytes.Length < HeaderBytes || bytes.Length != HeaderBytes + (long)EntryBytes * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)))
        {
            throw new FrameFormatException("Region stats have a wrong length.");
        }

        var shards = new (int, int)[(bytes.Length - HeaderBytes) / EntryBytes];
        for (var index = 0; index < shards.Length; index++)
        {
            var entry = bytes.AsSpan(HeaderBytes + index * EntryBytes);
            shards[index] = (BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
        }

        return (BinaryPrimitives.ReadInt64BigEndian(bytes), new RegionStats(shards));
    }
}
