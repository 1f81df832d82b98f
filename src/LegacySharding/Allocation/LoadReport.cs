using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// What a member tells the coordinator about once a second. Frame, big-endian: interval in milliseconds u32, count u32, then (shard u32, messages u32,
/// residents u32) each. At most one entry for each shard of the cluster, so at most 768 KiB.
/// </summary>
internal sealed record LoadReport(TimeSpan Interval, ImmutableArray<ShardTraffic> Shards)
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;
    private const int MaxShards = 65_536;

    public void Write(IBufferWriter<byte> output)
    {
        var length = HeaderBytes + (EntryBytes * Shards.Length);
        var span = output.GetSpan(length);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)Math.Clamp(Interval.TotalMilliseconds, 1, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(span[4..], (uint)Shards.Length);
        for (var index = 0; index < Shards.Length; index++)
        {
            var (shard, messages, residents) = Shards[index];
            var entry = span[(HeaderBytes + (index * EntryBytes))..];
            BinaryPrimitives.WriteUInt32BigEndian(entry, (uint)shard);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], (uint)Math.Clamp(messages, 0, uint.MaxValue));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)residents);
        }

        output.Advance(length);
    }

    /// <exception cref="FrameFormatException">The payload does not follow the format.</exception>
    public static LoadReport Read(ReadOnlySequence<byte> payload)
    {
        if (payload.Length > HeaderBytes + ((long)EntryBytes * MaxShards))
        {
            throw new FrameFormatException("A load report names more shards than a cluster can have.");
        }

        var bytes = payload.ToArray();
        if (bytes.Length < HeaderBytes
            || bytes.Length != HeaderBytes + ((long)EntryBytes * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4))))
        {
            throw new FrameFormatException("A load report has a wrong form.");
        }

        var shards = ImmutableArray.CreateBuilder<ShardTraffic>((bytes.Length - HeaderBytes) / EntryBytes);
        for (var index = 0; index < shards.Capacity; index++)
        {
            var entry = bytes.AsSpan(HeaderBytes + (index * EntryBytes));
            shards.Add(new ShardTraffic(
                (int)BinaryPrimitives.ReadUInt32BigEndian(entry),
                BinaryPrimitives.ReadUInt32BigEndian(entry[4..]),
                (int)BinaryPrimitives.ReadUInt32BigEndian(entry[8..])));
        }

        return new LoadReport(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes)), shards.MoveToImmutable());
    }
}
