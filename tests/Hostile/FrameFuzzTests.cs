using System.Buffers;
using System.Collections.Immutable;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Handshake;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;
using Google.Protobuf;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Valid frames, changed a little, before the handshake, in it, and within an authenticated connection.</summary>
[Collection(Arena.Collection)]
public sealed class FrameFuzzTests(Arena arena, ITestOutputHelper output)
{
    private const int FramesPerConnection = 64;

    /// <summary>One frame of every kind there is between members.</summary>
    private static IReadOnlyList<(FrameType Type, byte[] Payload)> Valid { get; } =
    [
        (FrameType.Ask, AskBytes.Read("user", "fuzz-u")),
        (FrameType.Ask, AskBytes.Read("task", "fuzz-t")),
        (FrameType.Ask, AskBytes.Rename("tester", "fuzz-u", 7, 5_000, 0, 3)),
        (FrameType.Reply, Bytes(output => AskCodec.WriteReply(output, 3, AskOutcome.NotOwner, 9))),
        (FrameType.MapHint, []),
        (FrameType.RegionStatsRequest, Bytes(new RegionStatsRequest(4, null).Write)),
        (FrameType.RegionStatsRequest, Bytes(new RegionStatsRequest(5, new EntityKey("user", "fuzz-u")).Write)),
        (FrameType.RegionStats, Bytes(output => new RegionStats([(1, 2), (3, 4)], true).Write(output, 5))),
        (FrameType.HandoffOffer, Bytes(output => HandoffCodec.WriteOffer(output, "fuzz-handoff", 17, 3))),
        (FrameType.HandoffAnswer, Bytes(output => HandoffCodec.WriteAnswer(output, "fuzz-handoff", true, ""))),
        (FrameType.HandoffChunk, Bytes(output => HandoffCodec.WriteChunk(output, "fuzz-handoff", 1, new byte[64]))),
        (FrameType.HandoffChunkAck, Bytes(output => HandoffCodec.WriteChunkAck(output, "fuzz-handoff", 1, false))),
        (FrameType.HandoffManifest, Bytes(output => HandoffCodec.WriteManifest(output, "fuzz-handoff", 1, true, 1, 4, [new ManifestEntry(1, 2)]))),
        (FrameType.HandoffManifestAck, Bytes(output => HandoffCodec.WriteManifestAck(output, "fuzz-handoff", true))),
        (FrameType.HandoffAbort, Bytes(output => HandoffCodec.WriteAbort(output, "fuzz-handoff", "because"))),
        (FrameType.LoadReport, Bytes(new LoadReport(TimeSpan.FromSeconds(1), ImmutableArray.Create(new ShardTraffic(1, 2, 3), new ShardTraffic(255, 9, 9))).Write)),
        (FrameType.PlanRequest, new byte[8]),
        (FrameType.Plan, [.. new byte[8], .. "{}"u8]),
        (FrameType.Ping, []),
        (FrameType.Pong, []),
    ];

    [Fact]
    public Task Fuzzed_frames_of_a_traitor_change_nothing() => arena.EndureAsync("frame fuzzing within authenticated connections", output, async () =>
    {
        var node = Incarnation.Parse(await arena.Cluster.IncarnationAsync(arena.Target));
        var frames = 0;
        await Fuzz.RunAsync("frame fuzzing within authenticated connections", output, atOnce: 1, async (_, random, _) =>
        {
            using var peer = await FramePeer.AuthenticatedAsync(arena.Target.Settings.ClusterPort, node);
            for (var sent = 0; sent < FramesPerConnection && !peer.IsClosed; sent++)
            {
                var (type, payload) = Valid[random.Next(Valid.Count)];
                var frame = peer.NextFrame(type, random.Next(5) == 0 ? payload : Mutation.Of(random, payload));

                // Now and then the header is changed too, which ends the connection most of the time.
                if (!await peer.SendRawAsync(random.Next(40) == 0 ? Mutation.Of(random, frame) : frame))
                {
                    break;
                }

                peer.Drain();
                frames++;
            }
        });
        Figures.Write(output, $"frame fuzzing within authenticated connections: {frames} frames");
        Assert.True(frames > 100, $"only {frames} frames were sent");
    });

    [Fact]
    public Task Fuzzed_handshakes_of_a_stranger_open_nothing() => arena.EndureAsync("frame fuzzing before and in the handshake", output, async () =>
    {
        var node = Incarnation.Parse(await arena.Cluster.IncarnationAsync(arena.Target));
        await Fuzz.RunAsync("frame fuzzing before and in the handshake", output, atOnce: 1, async (_, random, _) =>
        {
            using var peer = await FramePeer.ConnectAsync(arena.Target.Settings.ClusterPort);
            var machine = new DialerHandshake(new HandshakeIdentity(peer.Self, Arena.ClusterName, "not the secret"), node, Mutation.Noise(random, HandshakeTranscript.NonceBytes));
            var hello = peer.NextFrame(FrameType.Hello, machine.Hello().ToByteArray());
            switch (random.Next(3))
            {
                case 0:
                    await peer.SendRawAsync(Mutation.Of(random, hello));
                    break;
                case 1:
                    await peer.SendRawAsync(hello);
                    await peer.SendRawAsync(Mutation.Of(random, peer.NextFrame(FrameType.Proof, [0x0A, 0x20, .. Mutation.Noise(random, HandshakeTranscript.MacBytes)])));
                    break;
                default:
                    var (type, payload) = Valid[random.Next(Valid.Count)];
                    await peer.SendRawAsync(hello);
                    await peer.SendRawAsync(peer.NextFrame(type, payload));
                    break;
            }

            peer.FinishSending();
            await peer.ShouldBeClosedAsync("fuzzed bytes of a stranger");
        });
    });

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
