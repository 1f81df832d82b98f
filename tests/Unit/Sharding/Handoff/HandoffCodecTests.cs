using System.Buffers;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;

namespace AkkaScale.Tests.Unit.Sharding.Handoff;

/// <summary>Nodes of two releases hand shards to each other: a change of these bytes needs a new frame type.</summary>
public sealed class HandoffCodecTests
{
    private static readonly EntityKindRegistry Kinds = new([CounterKind.Create()]);

    private static readonly string GoldenEntity =
        "0007636F756E746572" + "0003632D31" + "00000001" + "0000000000000005" + "0000000000000002" + "0000000000000001" + "08DE48C8B4F80000"
        + "01" + "0002"
        + "00112233445566778899AABBCCDDEEFF" + "0000000000000001" + "00" + "0007" + "01000100000000"
        + "00112233445566778899AABBCCDDEE00" + "0000000000000002" + "01"
        + "0000000000000001000000000000000200000000000000030000000000000004" + "000D" + "0102000003" + "0003" + "612F62" + "6E6F2E"
        + Convert.ToHexString("{\"value\":3}"u8);

    [Fact]
    public void Golden_bytes_of_the_small_frames()
    {
        Assert.Equal("0003612D31" + "00000003" + "0000000000000007", Hex(output => HandoffCodec.WriteOffer(output, "a-1", 3, 7)));
        Assert.Equal("0003612D31" + "00" + "000466756C6C", Hex(output => HandoffCodec.WriteAnswer(output, "a-1", false, "full")));
        Assert.Equal("0003612D31" + "00000002" + "AB", Hex(output => HandoffCodec.WriteChunk(output, "a-1", 2, [0xAB])));
        Assert.Equal("0003612D31" + "00000002" + "01", Hex(output => HandoffCodec.WriteChunkAck(output, "a-1", 2, true)));
        Assert.Equal(
            "0003612D31" + "00000001" + "01" + "00000002" + "000000000000002A" + "0000000000000005" + "0000000000000002",
            Hex(output => HandoffCodec.WriteManifest(output, "a-1", 1, true, 2, 42, [new ManifestEntry(5, 2)])));
        Assert.Equal("0003612D31" + "01", Hex(output => HandoffCodec.WriteManifestAck(output, "a-1", true)));
        Assert.Equal("0003612D31" + "00026E6F", Hex(output => HandoffCodec.WriteAbort(output, "a-1", "no")));
    }

    [Fact]
    public void Golden_bytes_of_an_entity() => Assert.Equal(GoldenEntity, Hex(output => WarmCopyCodec.Write(output, Copy())));

    [Fact]
    public void An_entity_survives_the_wire()
    {
        var copy = WarmCopyCodec.Read(Bytes(output => WarmCopyCodec.Write(output, Copy())), Kinds, 256)!;
        Assert.Equal(Copy() with { Kind = copy.Kind, Memory = copy.Memory }, copy);
        Assert.True(copy.Memory.IsTruncated);
        Assert.Equal(Copy().Memory.InOrder(), copy.Memory.InOrder());
    }

    [Fact]
    public void An_entity_of_another_state_version_or_kind_or_with_an_unreadable_state_is_not_taken()
    {
        var other = CounterKind.Create();
        other.StateVersion = 2;
        Assert.Null(WarmCopyCodec.Read(Bytes(output => WarmCopyCodec.Write(output, Copy())), new EntityKindRegistry([other]), 256));
        Assert.Null(WarmCopyCodec.Read(Bytes(output => WarmCopyCodec.Write(output, Copy())), new EntityKindRegistry([]), 256));
        var damaged = Bytes(output => WarmCopyCodec.Write(output, Copy()));
        damaged[^1] = (byte)'?';
        Assert.Null(WarmCopyCodec.Read(damaged, Kinds, 256));
    }

    [Fact]
    public void Whoever_remembers_less_knows_that_it_does()
    {
        var memory = new CommandMemory();
        for (var number = 1; number <= 5; number++)
        {
            memory.Add(new RememberedCommand(new Guid(number, 0, 0, new byte[8]), default, number, StoredAnswer.Accepted), 8);
        }

        var read = WarmCopyCodec.Read(Bytes(output => WarmCopyCodec.Write(output, Copy() with { Memory = memory })), Kinds, 3)!.Memory;
        Assert.Equal([3L, 4L, 5L], read.InOrder().Select(command => command.Version));
        Assert.True(read.IsTruncated);
    }

    [Fact]
    public void A_chunk_keeps_what_can_be_read_of_it()
    {
        var chunk = Assert.Single(ChunkPacker.Pack([Copy(), Copy() with { Key = new EntityKey("other", "x") }, Copy() with { Key = new EntityKey("counter", "c-2") }]));
        var payload = Bytes(output => HandoffCodec.WriteChunk(output, "a-1", 1, chunk));
        var read = Assert.IsType<HandoffFrame.Chunk>(HandoffCodec.Read(FrameType.HandoffChunk, payload, Kinds, 256));
        Assert.Equal(["c-1", "c-2"], read.Copies.Select(copy => copy.Key.Id));
        Assert.All(read.Sizes, size => Assert.Equal(GoldenEntity.Length / 2, size));
    }

    [Fact]
    public void No_chunk_is_larger_than_a_frame_may_be_and_what_fits_none_is_left_out()
    {
        var copies = Enumerable.Range(0, 5_000).Select(number => Copy() with { Key = new EntityKey("counter", $"c-{number}") }).ToList();
        copies.Insert(100, Copy() with { Key = new EntityKey("counter", "huge"), Kind = Huge, State = new string('x', 300_000) });
        var chunks = ChunkPacker.Pack(copies);
        Assert.InRange(chunks.Count, 2, 10);
        Assert.All(chunks, chunk => Assert.InRange(
            Bytes(output => HandoffCodec.WriteChunk(output, new string('i', 60), int.MaxValue, chunk)).Length, 1, HandoffCodec.MaxFrameBytes));
        var read = chunks.SelectMany((chunk, index) => ((HandoffFrame.Chunk)HandoffCodec.Read(
            FrameType.HandoffChunk, Bytes(output => HandoffCodec.WriteChunk(output, "a-1", index + 1, chunk)), Kinds, 256)).Copies);
        Assert.Equal(5_000, read.Count());
    }

    [Theory]
    [InlineData(FrameType.HandoffOffer)]
    [InlineData(FrameType.HandoffAnswer)]
    [InlineData(FrameType.HandoffChunk)]
    [InlineData(FrameType.HandoffChunkAck)]
    [InlineData(FrameType.HandoffManifest)]
    [InlineData(FrameType.HandoffManifestAck)]
    [InlineData(FrameType.HandoffAbort)]
    public void Cut_and_damaged_frames_are_format_errors(FrameType type)
    {
        var random = new Random(5);
        byte[][] whole =
        [
            Bytes(output => HandoffCodec.WriteOffer(output, "a-1", 3, 7)),
            Bytes(output => HandoffCodec.WriteAnswer(output, "a-1", false, "full")),
            Bytes(output => HandoffCodec.WriteChunk(output, "a-1", 2, ChunkPacker.Pack([Copy()])[0])),
            Bytes(output => HandoffCodec.WriteChunkAck(output, "a-1", 2, true)),
            Bytes(output => HandoffCodec.WriteManifest(output, "a-1", 1, true, 2, 42, [new ManifestEntry(5, 2)])),
            Bytes(output => HandoffCodec.WriteManifestAck(output, "a-1", true)),
            Bytes(output => HandoffCodec.WriteAbort(output, "a-1", "no")),
        ];
        var payload = whole[type - FrameType.HandoffOffer];
        Assert.NotNull(HandoffCodec.Read(type, payload, Kinds, 256));
        for (var round = 0; round < 2_000; round++)
        {
            var hostile = payload.AsSpan(0, random.Next(payload.Length + 1)).ToArray();
            if (hostile.Length > 0 && random.Next(2) == 0)
            {
                hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            }

            try
            {
                HandoffCodec.Read(type, hostile, Kinds, 256);
            }
            catch (FrameFormatException)
            {
            }
        }
    }

    /// <summary>Its states take more than a frame.</summary>
    private static IEntityKind Huge => EntityKind.Define<string, CounterCommand, CounterEvent>(
        "counter", "", (_, _) => Decision<CounterEvent>.Unchanged, (state, _) => state);

    private static WarmCopy Copy()
    {
        var memory = new CommandMemory();
        memory.MarkTruncated();
        memory.Add(new RememberedCommand(new("00112233-4455-6677-8899-aabbccddeeff"), default, 1, StoredAnswer.CreatedAnswer), 256);
        memory.Add(
            new RememberedCommand(
                new("00112233-4455-6677-8899-aabbccddee00"), new PayloadHash(1, 2, 3, 4), 2, new StoredAnswer(ReplyStatus.Refused, false, "a/b", "no.")), 256);
        return new WarmCopy(
            new EntityKey("counter", "c-1"), CounterKind.Create(), 5, 2, 1, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new Counter(3),
            memory);
    }

    private static string Hex(Action<IBufferWriter<byte>> write) => Convert.ToHexString(Bytes(write));

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
