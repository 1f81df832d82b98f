using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Connections between regions of one process: frames go in order through a queue for each direction, and can be cut.</summary>
internal sealed class RegionNetwork : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Incarnation, IFrameReceiver> _receivers = new();
    private readonly ConcurrentDictionary<(Incarnation From, Incarnation To), Line> _lines = new();

    /// <summary>Called with (from, to, type) before a frame is delivered; false loses it.</summary>
    public Func<Incarnation, Incarnation, FrameType, bool> Delivers { get; set; } = static (_, _, _) => true;

    public IPeerNetwork Join(Incarnation self, IFrameReceiver receiver)
    {
        _receivers[self] = receiver;
        return new End(this, self);
    }

    /// <summary>The process is gone: whoever was connected to it notices.</summary>
    public void Kill(Incarnation node)
    {
        _receivers.TryRemove(node, out _);
        foreach (var other in _receivers.Values)
        {
            other.OnDisconnected(node);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines.Values)
        {
            await line.StopAsync();
        }
    }

    private bool TrySend<TState>(Incarnation from, Incarnation to, FrameType type, TState state, PayloadWriter<TState> write)
    {
        if (!_receivers.ContainsKey(to) || !_receivers.ContainsKey(from))
        {
            return false;
        }

        var buffer = new ArrayBufferWriter<byte>();
        write(buffer, state);
        return _lines.GetOrAdd((from, to), key => new Line(this, key.From, key.To)).TrySend(type, buffer.WrittenSpan.ToArray());
    }

    private void Deliver(Incarnation from, Incarnation to, FrameType type, byte[] payload)
    {
        if (Delivers(from, to, type) && _receivers.TryGetValue(to, out var receiver))
        {
            receiver.OnFrame(new Back(this, to, from), type, new ReadOnlySequence<byte>(payload));
        }
    }

    private sealed class End(RegionNetwork network, Incarnation self) : IPeerNetwork
    {
        public bool TrySend<TState>(Incarnation peer, FrameType type, TState state, PayloadWriter<TState> write) =>
            network.TrySend(self, peer, type, state, write);

        public bool IsConnected(Incarnation peer) => network._receivers.ContainsKey(peer);

        public bool IsReachable(Incarnation peer) => IsConnected(peer);

        public void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members)
        {
        }
    }

    private sealed class Back(RegionNetwork network, Incarnation self, Incarnation peer) : IPeerConnection
    {
        public Incarnation Peer => peer;

        public bool TrySend<TState>(FrameType type, TState state, PayloadWriter<TState> write) => network.TrySend(self, peer, type, state, write);
    }

    private sealed class Line
    {
        private readonly Channel<(FrameType Type, byte[] Payload)> _frames = Channel.CreateUnbounded<(FrameType, byte[])>();
        private readonly Task _running;

        public Line(RegionNetwork network, Incarnation from, Incarnation to) => _running = Task.Run(async () =>
        {
            await foreach (var (type, payload) in _frames.Reader.ReadAllAsync())
            {
                network.Deliver(from, to, type, payload);
            }
        });

        public bool TrySend(FrameType type, byte[] payload) => _frames.Writer.TryWrite((type, payload));

        public Task StopAsync()
        {
            _frames.Writer.TryComplete();
            return _running;
        }
    }
}
