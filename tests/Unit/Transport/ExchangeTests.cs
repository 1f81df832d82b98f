using System.Buffers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class ExchangeTests
{
    [Fact]
    public async Task Frames_arrive_in_order_and_answers_return_on_the_same_connection()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        right.Receiver.WhenFrame = (from, type, payload) =>
            Assert.True(from.TrySend(FrameType.Reply, $"{type} {from.Peer == left.Self} {payload.Length}", Payload.Text));
        await left.ConnectToAsync(right);

        for (var length = 0; length < 100; length++)
        {
            Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, length, Payload.Zeros));
        }

        await Eventually.TrueAsync(() => left.Receiver.Frames.Count == 100, "the answers did not all arrive");
        Assert.Equal(
            Enumerable.Range(0, 100).Select(length => (right.Self, FrameType.Reply, $"Ask True {length}")),
            left.Receiver.Frames);
        Assert.Equal([$"connected {right.Self}"], left.Receiver.Events);
        Assert.Empty(right.Receiver.Events);
    }

    [Fact]
    public async Task Both_directions_have_connections_of_their_own()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        await left.ConnectToAsync(right);
        Assert.False(right.Network.IsConnected(left.Self));
        Assert.False(right.Network.TrySend(left.Self, FrameType.MapHint, "", Payload.Text));
        Assert.Equal(1, right.Counted("akkascale.transport.sends.refused", "not_connected"));

        await right.ConnectToAsync(left);

        Assert.True(right.Network.TrySend(left.Self, FrameType.MapHint, "hint", Payload.Text));
        await Eventually.TrueAsync(() => left.Receiver.Frames.Count == 1, "the hint did not arrive");
        Assert.Equal((right.Self, FrameType.MapHint, "hint"), left.Receiver.Frames.Single());
    }

    [Fact]
    public async Task A_hundred_thousand_frames_under_way_at_once_arrive_once_each_and_in_order()
    {
        const int Count = 100_000;
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        var expected = 0;
        var wrong = 0;
        right.Receiver.WhenFrame = (_, _, payload) =>
        {
            var reader = new SequenceReader<byte>(payload);
            var right = reader.TryReadLittleEndian(out int number) && number == expected && payload.Length == 100;
            wrong += right ? 0 : 1;
            Volatile.Write(ref expected, expected + 1);
        };
        await left.ConnectToAsync(right);

        for (var i = 0; i < Count; i++)
        {
            Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, i, static (output, number) =>
            {
                var span = output.GetSpan(100);
                BitConverter.TryWriteBytes(span, number);
                output.Advance(100);
            }));
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref expected) == Count, "the frames did not all arrive");
        Assert.Equal(0, wrong);
        Assert.Equal(Count, left.Counted("akkascale.transport.frames", "out"));
        Assert.Equal(Count, right.Counted("akkascale.transport.frames", "in"));
        Assert.Equal(Count * 113L, right.Counted("akkascale.transport.bytes", "in"));
    }

    [Fact]
    public async Task The_largest_frame_passes_and_a_larger_one_is_refused_without_harm()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        var lengths = new List<long>();
        right.Receiver.WhenFrame = (_, _, payload) =>
        {
            lock (lengths)
            {
                lengths.Add(payload.Length);
            }
        };
        await left.ConnectToAsync(right);
        const int Largest = (4 * 1024 * 1024) - 13;

        Assert.Throws<FrameFormatException>(() => left.Network.TrySend(right.Self, FrameType.Ask, Largest + 1, Payload.Zeros));
        Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, Largest, Payload.Zeros));
        Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, 1, Payload.Zeros));

        await Eventually.TrueAsync(() => { lock (lengths) { return lengths.Count == 2; } }, "the frames did not arrive");
        Assert.Equal([Largest, 1], lengths);
    }

    [Fact]
    public async Task A_payload_writer_that_fails_leaves_no_trace_on_the_wire()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        await left.ConnectToAsync(right);

        Assert.Throws<InvalidTimeZoneException>(() => left.Network.TrySend(right.Self, FrameType.Ask, 0, (output, _) =>
        {
            Payload.Zeros(output, 100_000);
            throw new InvalidTimeZoneException();
        }));
        Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, "after", Payload.Text));

        await Eventually.TrueAsync(() => right.Receiver.Frames.Count == 1, "the frame did not arrive");
        Assert.Equal("after", right.Receiver.Frames.Single().Text);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_sent_no_more_than_the_bound()
    {
        await using var left = await TestNode.StartAsync(options => options.MaxUnsentBytes = 1_000_000);
        await using var right = await TestNode.StartAsync();
        using var reading = new ManualResetEventSlim();
        var received = 0;
        right.Receiver.WhenFrame = (_, _, _) =>
        {
            reading.Wait();
            Interlocked.Increment(ref received);
        };
        await left.ConnectToAsync(right);

        // What the kernel and both pipes hold comes on top; with 64 MB offered, the bound must have been met.
        var accepted = 0;
        for (var i = 0; i < 6_400; i++)
        {
            accepted += left.Network.TrySend(right.Self, FrameType.Ask, 10_000, Payload.Zeros) ? 1 : 0;
        }

        reading.Set();
        Assert.InRange(accepted, 50, 6_000);
        Assert.Equal(6_400 - accepted, left.Counted("akkascale.transport.sends.refused", "full"));
        await Eventually.TrueAsync(() => Volatile.Read(ref received) == accepted, "what was accepted did not arrive");
        Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, 10_000, Payload.Zeros));
    }

    [Fact]
    public async Task A_failing_receiver_costs_the_connection_and_nothing_else()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        right.Receiver.WhenFrame = (_, _, _) => throw new InvalidTimeZoneException();
        await left.ConnectToAsync(right);

        Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, "", Payload.Text));

        await Eventually.TrueAsync(
            () => left.Receiver.Events.SequenceEqual([$"connected {right.Self}", $"disconnected {right.Self}", $"connected {right.Self}"]),
            "the connection was not lost and made again");
        Assert.Contains(right.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(left.Self.ToString()));
    }

    [Fact]
    public async Task Frames_accepted_before_a_stop_still_arrive()
    {
        await using var right = await TestNode.StartAsync();
        Incarnation leaver;
        await using (var left = await TestNode.StartAsync())
        {
            await left.ConnectToAsync(right);
            leaver = left.Self;
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(left.Network.TrySend(right.Self, FrameType.Ask, $"{i}", Payload.Text));
            }
        }

        await Eventually.TrueAsync(() => right.Receiver.Frames.Count == 1000, "the last frames were lost");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (leaver, FrameType.Ask, $"{i}")), right.Receiver.Frames);
    }
}
