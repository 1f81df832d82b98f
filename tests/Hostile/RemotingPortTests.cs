using System.Buffers.Binary;
using AkkaScale.TestKit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Strangers on the port of Akka's remoting: each loses his connection, and nobody else loses anything.</summary>
[Collection(Arena.Collection)]
public sealed class RemotingPortTests(Arena arena, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private int Port => arena.Target.Settings.ClusterPort;

    [Fact]
    public Task A_frame_larger_than_the_bound_closes_its_connection() => arena.EndureAsync("oversized frames on the remoting port", output, async () =>
    {
        foreach (var length in (uint[])[128_001, 4 * 1024 * 1024, int.MaxValue, 0x8000_0000, uint.MaxValue])
        {
            var header = new byte[4 + 64];
            BinaryPrimitives.WriteUInt32LittleEndian(header, length);
            await ShouldBeClosedAsync($"a frame of {length} bytes", header);
        }
    });

    [Fact]
    public Task Garbage_within_a_frame_closes_its_connection() => arena.EndureAsync("garbage on the remoting port", output, async () =>
    {
        var random = new Random(20_240);
        for (var round = 0; round < 16; round++)
        {
            var frame = new byte[4 + random.Next(1, 4_096)];
            random.NextBytes(frame);
            BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - 4);
            await ShouldBeClosedAsync($"garbage {round}", frame);
        }

        await ShouldBeClosedAsync("an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await ShouldBeClosedAsync("a TLS hello", [0x16, 0x03, 0x01, 0x02, 0x00, .. new byte[60]]);
    });

    private async Task ShouldBeClosedAsync(string what, byte[] bytes)
    {
        using var flood = await Flood.OpenAsync(Port, 1, bytes);
        await Eventually.Holds($"{what} is let go", Bound, () => Flood.Closed(flood.Sockets, drained: true) == 1 ? null : "it is still open");
    }
}
