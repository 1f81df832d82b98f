using System.Buffers;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class QuestionFramesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Wire _wire = new();

    [Fact]
    public async Task A_peer_answers_a_topic_it_knows()
    {
        var (asking, answering) = _wire.Connect();
        answering.Answer("echo", (body, _) => Task.FromResult<byte[]>([.. body.Span, (byte)'!']));

        Assert.Equal("hello!", await AskAsync(asking, _wire.Answering, "echo", "hello"));
    }

    [Fact]
    public async Task A_node_asks_itself_without_the_network()
    {
        var (asking, _) = _wire.Connect();
        asking.Answer("echo", (body, _) => Task.FromResult(body.ToArray()));

        Assert.Equal("hello", await AskAsync(asking, _wire.Asking, "echo", "hello"));
        Assert.Empty(_wire.Sent);
    }

    [Fact]
    public async Task A_topic_that_the_peer_does_not_know_is_refused_by_name()
    {
        var (asking, _) = _wire.Connect();

        var refused = await Assert.ThrowsAsync<QuestionRefusedException>(() => AskAsync(asking, _wire.Answering, "new/thing", ""));
        Assert.Contains("new/thing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_peer_throws_is_told_to_whoever_asks()
    {
        var (asking, answering) = _wire.Connect();
        answering.Answer("grumpy", (_, _) => throw new QuestionRefusedException("not today"));

        Assert.Equal("not today", (await Assert.ThrowsAsync<QuestionRefusedException>(() => AskAsync(asking, _wire.Answering, "grumpy", ""))).Message);
    }

    [Fact]
    public async Task An_answer_beyond_the_bound_is_refused_and_not_sent()
    {
        var (asking, answering) = _wire.Connect();
        answering.Answer("long", (_, _) => Task.FromResult(new byte[QuestionFrames.MaxAnswerBytes + 1]));

        await Assert.ThrowsAsync<QuestionRefusedException>(() => AskAsync(asking, _wire.Answering, "long", ""));
        Assert.DoesNotContain(_wire.Sent, frame => frame.Length > 1_000);
    }

    [Fact]
    public async Task Beyond_32_at_work_a_question_is_refused_and_room_comes_back()
    {
        var (asking, answering) = _wire.Connect();
        var gate = new TaskCompletionSource<byte[]>();
        answering.Answer("slow", (_, _) => gate.Task);
        answering.Answer("quick", (_, _) => Task.FromResult<byte[]>([]));
        var slow = Enumerable.Range(0, 33).Select(_ => AskAsync(asking, _wire.Answering, "slow", "")).ToArray();

        var first = await Task.WhenAny(slow).WaitAsync(Limit);
        Assert.Contains("32", (await Assert.ThrowsAsync<QuestionRefusedException>(() => first)).Message, StringComparison.Ordinal);
        gate.SetResult([]);
        await Task.WhenAll(slow.Where(question => question != first)).WaitAsync(Limit);
        Assert.Equal("", await AskAsync(asking, _wire.Answering, "quick", ""));
    }

    [Fact]
    public async Task A_peer_that_is_not_connected_or_silent_is_a_timeout()
    {
        var (asking, answering) = _wire.Connect();
        answering.Answer("never", (_, stop) => Task.Delay(-1, stop).ContinueWith<byte[]>(_ => [], TaskScheduler.Default));

        await Assert.ThrowsAsync<TimeoutException>(() => asking.AskAsync(new Incarnation(Guid.NewGuid()), "echo", default, Limit, default));
        await Assert.ThrowsAsync<TimeoutException>(() =>
            asking.AskAsync(_wire.Answering, "never", default, TimeSpan.FromMilliseconds(50), default));
    }

    [Theory]
    [InlineData(FrameType.Question, "0000000000000001")]
    [InlineData(FrameType.Question, "000000000000000105616263")]
    [InlineData(FrameType.QuestionAnswer, "00000000000000")]
    public void A_frame_of_a_wrong_form_closes_the_connection(FrameType type, string hex)
    {
        var (asking, _) = _wire.Connect();
        Assert.Throws<FrameFormatException>(() => asking.OnFrame(_wire, type, new ReadOnlySequence<byte>(Convert.FromHexString(hex))));
    }

    [Fact]
    public async Task The_frames_are_those_of_the_document()
    {
        var (asking, answering) = _wire.Connect();
        answering.Answer("t", (_, _) => Task.FromResult<byte[]>([7]));
        await AskAsync(asking, _wire.Answering, "t", "b");

        Assert.Equal(["0000000000000001" + "01" + "74" + "62", "0000000000000001" + "00" + "07"], _wire.Sent.Select(Convert.ToHexString));
    }

    private static async Task<string> AskAsync(QuestionFrames asking, Incarnation peer, string topic, string body) =>
        Encoding.UTF8.GetString(await asking.AskAsync(peer, topic, Encoding.UTF8.GetBytes(body), Limit, CancellationToken.None));

    /// <summary>Carries frames between two nodes at once.</summary>
    private sealed class Wire : IPeerNetwork, IPeerConnection
    {
        private QuestionFrames? _asking;
        private QuestionFrames? _answering;

        public Incarnation Asking { get; } = new(Guid.NewGuid());

        public Incarnation Answering { get; } = new(Guid.NewGuid());

        public List<byte[]> Sent { get; } = [];

        public Incarnation Peer => Answering;

        public (QuestionFrames Asking, QuestionFrames Answering) Connect() =>
            (_asking = new QuestionFrames(Asking, this, TimeProvider.System), _answering = new QuestionFrames(Answering, this, TimeProvider.System));

        public bool TrySend<TState>(Incarnation peer, FrameType type, TState state, PayloadWriter<TState> write)
        {
            if (peer != Answering)
            {
                return false;
            }

            _answering!.OnFrame(this, type, new ReadOnlySequence<byte>(Written(state, write)));
            return true;
        }

        public bool TrySend<TState>(FrameType type, TState state, PayloadWriter<TState> write)
        {
            _asking!.OnFrame(this, type, new ReadOnlySequence<byte>(Written(state, write)));
            return true;
        }

        public bool IsConnected(Incarnation peer) => peer == Answering;

        public bool IsReachable(Incarnation peer) => true;

        public void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members)
        {
        }

        private byte[] Written<TState>(TState state, PayloadWriter<TState> write)
        {
            var output = new ArrayBufferWriter<byte>();
            write(output, state);
            lock (Sent)
            {
                Sent.Add(output.WrittenSpan.ToArray());
            }

            return output.WrittenSpan.ToArray();
        }
    }
}
