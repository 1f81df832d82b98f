using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using AkkaScale.LegacyCluster.Transport;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class FrameOutboxTests
{
    private const int FrameBytes = 113;

    [Theory]
    [InlineData(10 * FrameBytes, 10)]
    [InlineData((10 * FrameBytes) - 1, 9)]
    public async Task The_bound_on_unsent_bytes_is_exact_and_what_was_refused_leaves_no_trace(int maxUnsentBytes, int expected)
    {
        using var meter = new Meter("test");
        var outbox = new FrameOutbox(new TransportOptions { MaxUnsentBytes = maxUnsentBytes }, nextSequence: 2, new TransportMetrics(meter));

        var accepted = 0;
        for (var i = 0; i < 20; i++)
        {
            accepted += outbox.TrySend(FrameType.Ask, FrameBytes - FrameHeader.Size, Payload.Zeros) ? 1 : 0;
        }

        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        outbox.Close();
        await outbox.RunAsync(pipe.Writer);
        await pipe.Writer.CompleteAsync();

        Assert.Equal(expected, accepted);
        var wire = (await pipe.Reader.ReadAtLeastAsync(expected * FrameBytes)).Buffer;
        Assert.Equal(expected * FrameBytes, wire.Length);
        var zeros = new byte[FrameBytes - FrameHeader.Size];
        Assert.Equal(
            Enumerable.Range(0, expected).SelectMany(i => HostilePeer.Frame(0x10, (ulong)i + 2, zeros)),
            System.Buffers.BuffersExtensions.ToArray(wire));
    }

    [Fact]
    public void A_full_outbox_does_not_even_ask_for_the_payload()
    {
        using var meter = new Meter("test");
        var outbox = new FrameOutbox(new TransportOptions { MaxUnsentBytes = FrameBytes }, nextSequence: 2, new TransportMetrics(meter));
        Assert.True(outbox.TrySend(FrameType.Ask, FrameBytes - FrameHeader.Size, Payload.Zeros));

        Assert.False(outbox.TrySend<int>(FrameType.Ask, 0, (_, _) => Assert.Fail("The payload was asked for.")));
    }

    [Fact]
    public void A_payload_writer_cannot_send_on_the_connection_it_writes_for()
    {
        using var meter = new Meter("test");
        var outbox = new FrameOutbox(new TransportOptions(), nextSequence: 2, new TransportMetrics(meter));

        Assert.Throws<InvalidOperationException>(
            () => outbox.TrySend(FrameType.Ask, 0, (_, _) => outbox.TrySend(FrameType.Ask, 1, Payload.Zeros)));
        Assert.True(outbox.TrySend(FrameType.Ask, 1, Payload.Zeros));
    }
}
