using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// Entities in memory by shard, as the shards' node counts them, and whether one entity is among them. Frame, big-endian: correlation i64,
/// residency u8 (0 not asked, 1 no, 2 yes), count i32, then (shard i32, residents i32) each.
/// </summary>
/// <param name="IsResident">Null if the request named no entity.</param>
public sealed record RegionStats(IReadOnlyList<(int Shard, int Residents)> Shards, bool? IsResident)
{
    private const int HeaderBytes = 13;
    private const int EntryBytes = 8;

    internal void Write(IBufferWriter<byte> output, long correlation)
    {
        var length = HeaderBytes + EntryBytes * Shards.Count;
        var span = output.GetSpan(length);
        BinaryPrimitives.WriteInt64BigEndian(span, correlation);
        span[8] = IsResident switch { null => 0, false => 1, true => 2 };
        BinaryPrimitives.WriteInt32BigEndian(span[9..], Shards.Count);
        for (var index = 0; index < Shards.Count; index++)
        {
            var entry = span[(HeaderBytes + index * EntryBytes)..];
            BinaryPrimitives.WriteInt32BigEndian(entry, Shards[index].Shard);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], Shards[index].Residents);
        }

        output.Advance(length);
    }

    internal static (long Correlation, RegionStats Stats) Read(ReadOnlySequence<byte> payload)
    {
        var bytes = payload.ToArray();
        if (bytes.Length < HeaderBytes || bytes[8] > 2
            || bytes.Length != HeaderBytes + (long)EntryBytes * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(9)))
        {
            throw new FrameFormatException("Region stats have a wrong form.");
        }

        var shards = new (int, int)[(bytes.Length - HeaderBytes) / EntryBytes];
        for (var index = 0; index < shards.Length; index++)
        {
            var entry = bytes.AsSpan(HeaderBytes + index * EntryBytes);
            shards[index] = (BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
        }

        bool? isResident = bytes[8] == 0 ? null : bytes[8] == 2;
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), new RegionStats(shards, isResident));
    }
}

/// <summary>Frame: correlation i64, then nothing, or kind as 16-bit length and UTF-8, and the rest is the id.</summary>
internal readonly record struct RegionStatsRequest(long Correlation, EntityKey? Entity)
{
    public void Write(IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), Correlation);
        output.Advance(8);
        if (Entity is { } entity)
        {
            var kind = Encoding.UTF8.GetBytes(entity.Kind);
            BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), checked((ushort)kind.Length));
            output.Advance(2);
            output.Write(kind);
            output.Write(Encoding.UTF8.GetBytes(entity.Id));
        }
    }

    public static RegionStatsRequest Read(ReadOnlySequence<byte> payload)
    {
        var bytes = payload.ToArray();
        if (bytes.Length == 8)
        {
            return new RegionStatsRequest(BinaryPrimitives.ReadInt64BigEndian(bytes), null);
        }

        if (bytes.Length < 10 || BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(8)) is var length && bytes.Length <= 10 + length)
        {
            throw new FrameFormatException("A stats request has a wrong form.");
        }

        var kind = Encoding.UTF8.GetString(bytes, 10, length);
        return new RegionStatsRequest(BinaryPrimitives.ReadInt64BigEndian(bytes), new EntityKey(kind, Encoding.UTF8.GetString(bytes.AsSpan(10 + length))));
    }
}
