using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// Asks between nodes: sends those of this process to the shard's owner and matches replies by correlation number; delivers those of
/// peers to the region and sends the answers back on the connection they came by.
/// </summary>
public sealed class RegionFrames : IFrameReceiver
{
    private readonly EntityKindRegistry _kinds;
    private readonly IShardMap _map;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, PendingAsk> _pending = new();
    private readonly PendingAnswers<RegionStats> _pendingStats;
    private IPeerNetwork? _network;
    private ShardRegion? _region;
    private AllocationFrames? _allocation;
    private QuestionFrames? _questions;
    private long _correlation;

    public RegionFrames(EntityKindRegistry kinds, IShardMap map, TimeProvider time)
    {
        _kinds = kinds;
        _map = map;
        _time = time;
        _pendingStats = new PendingAnswers<RegionStats>(time);
    }

    /// <summary>The network is made with this receiver; set once, before the first frame.</summary>
    public void SendThrough(IPeerNetwork network) => _network = network;

    /// <summary>Where asks of peers and frames of handoffs go; until it is set peers are told that this node owns nothing. After <see cref="SendThrough"/>.</summary>
    public void DeliverTo(ShardRegion region)
    {
        region.Handoffs.ConnectTo(_network, _kinds);
        Volatile.Write(ref _region, region);
    }

    /// <summary>Where frames of the allocation go; until it is set they are dropped.</summary>
    public void DeliverTo(AllocationFrames allocation) => Volatile.Write(ref _allocation, allocation);

    /// <summary>Where questions of operators go; until it is set they are dropped.</summary>
    public void DeliverTo(QuestionFrames questions) => Volatile.Write(ref _questions, questions);

    /// <summary>Asks a peer for the residency of its shards and, if given, of one entity.</summary>
    /// <exception cref="TimeoutException">No answer in time, or not connected.</exception>
    public Task<RegionStats> AskStatsAsync(Incarnation peer, EntityKey? entity, TimeSpan timeout, CancellationToken cancellationToken) =>
        _pendingStats.AskAsync(
            peer,
            correlation => _network is not null && _network.TrySend(
                peer, FrameType.RegionStatsRequest, new RegionStatsRequest(correlation, entity), static (output, request) => request.Write(output)),
            timeout, cancellationToken);

    /// <summary>A member may wait for it to come up, and a handoff for its target.</summary>
    void IFrameReceiver.OnConnected(Incarnation peer)
    {
        _map.RequestRefresh();
        Volatile.Read(ref _region)?.Handoffs.OnConnected(peer);
    }

    /// <summary>
    /// Answers on a lost connection will not come: whoever waits must ask again. The member behind it may be gone, so this process looks at once; that
    /// starts the observation of its counter sooner and skips none of the wait.
    /// </summary>
    void IFrameReceiver.OnDisconnected(Incarnation peer)
    {
        _map.RequestRefresh();
        foreach (var (correlation, pending) in _pending)
        {
            if (pending.Peer == peer && _pending.TryRemove(correlation, out _))
            {
                pending.Complete(AskOutcome.Unknown("the connection to the shard's owner was lost"));
            }
        }

        Volatile.Read(ref _region)?.Handoffs.OnDisconnected(peer);
    }

    void IFrameReceiver.OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload)
    {
        switch (type)
        {
            case FrameType.Ask:
                OnAsk(from, payload);
                break;
            case FrameType.Reply:
                OnReply(payload);
                break;
            case FrameType.MapHint:
                _map.RequestRefresh();
                break;
            case FrameType.RegionStatsRequest:
                OnStatsRequest(from, RegionStatsRequest.Read(payload));
                break;
            case FrameType.RegionStats:
                var (correlation, stats) = RegionStats.Read(payload);
                _pendingStats.Take(from.Peer, correlation)?.TrySetResult(stats);
                break;
            case >= FrameType.HandoffOffer and <= FrameType.HandoffAbort:
                Volatile.Read(ref _region)?.Handoffs.OnFrame(from, type, payload);
                break;
            case FrameType.LoadReport or FrameType.PlanRequest or FrameType.Plan:
                Volatile.Read(ref _allocation)?.OnFrame(from, type, payload);
                break;
            case FrameType.Question or FrameType.QuestionAnswer:
                Volatile.Read(ref _questions)?.OnFrame(from, type, payload);
                break;
            default:
                throw new FrameFormatException($"Nothing here takes frames of type {type}.");
        }
    }

    /// <summary>
    /// Sends one attempt; completes with Unknown if the connection is lost, and with NotOwner if nothing could be sent.
    /// </summary>
    internal (long Correlation, PendingAsk Pending) Send(Incarnation peer, Func<PendingAsk, ShardInput.Ask> make, TimeSpan remaining)
    {
        var correlation = Interlocked.Increment(ref _correlation);
        var pending = new PendingAsk { Peer = peer };
        var ask = make(pending);
        _pending[correlation] = pending;
        var sent = _network is not null && _network.TrySend(
            peer, FrameType.Ask, (correlation, remaining, ask),
            static (output, state) => AskCodec.WriteAsk(output, state.correlation, state.remaining, state.ask));
        if (!sent)
        {
            _pending.TryRemove(correlation, out _);
            pending.Complete(AskOutcome.NotOwner);
        }
        else if (!_network!.IsConnected(peer) && _pending.TryRemove(correlation, out _))
        {
            // Lost between the send and now: its OnDisconnected may have come before this ask was listed.
            pending.Complete(AskOutcome.Unknown("the connection to the shard's owner was lost"));
        }

        return (correlation, pending);
    }

    /// <summary>The caller no longer waits.</summary>
    internal void Abandon(long correlation) => _pending.TryRemove(correlation, out _);

    private void OnStatsRequest(IPeerConnection from, RegionStatsRequest request)
    {
        var region = Volatile.Read(ref _region);
        if (region is null || request.Entity is not { } entity)
        {
            Answer(null);
            return;
        }

        region.Inspect(entity, isResident => Answer(isResident));

        void Answer(bool? isResident) => from.TrySend(
            FrameType.RegionStats, (request.Correlation, new RegionStats(region?.Residency() ?? [], isResident)),
            static (output, state) => state.Item2.Write(output, state.Correlation));
    }

    private void OnReply(ReadOnlySequence<byte> payload)
    {
        var reply = AskCodec.ReadReply(payload);
        if (_pending.TryRemove(reply.Correlation, out var pending))
        {
            pending.Complete(reply.Outcome);
        }
    }

    private void OnAsk(IPeerConnection from, ReadOnlySequence<byte> payload)
    {
        var received = AskCodec.ReadAsk(payload);
        var shard = ShardHash.ShardOf(received.Entity.Id, _map.Current.ShardCount);
        var target = new RemoteCaller(from, received.Correlation, shard, _map);
        if (Volatile.Read(ref _region) is not { } region)
        {
            target.Complete(AskOutcome.NotOwner);
            return;
        }

        if (_kinds.Find(received.Entity.Kind) is not { } kind)
        {
            target.Complete(new AskOutcome(AskOutcomeKind.Malformed, null, $"Kind {received.Entity.Kind} is not known on the shard's owner."));
            return;
        }

        object command;
        try
        {
            command = kind.ReadCommand(received.Command);
        }
        catch (JsonException unreadable)
        {
            target.Complete(new AskOutcome(AskOutcomeKind.Malformed, null, unreadable.Message));
            return;
        }

        var deadline = _time.GetTimestamp() + (long)(received.Remaining.TotalSeconds * _time.TimestampFrequency);
        region.Deliver(shard, new ShardInput.Ask(received.Entity, kind, command, received.CommandId, deadline, target)
        {
            IsClientKey = received.IsClientKey,
            IsRead = received.IsRead,
            IsConfirmed = received.IsConfirmed,
            Attempt = received.Attempt,
            Hash = received.Hash,
            ExpectedVersion = received.ExpectedVersion,
            ActingUser = received.ActingUser,
            Precondition = received.Precondition,
        });
    }

    private sealed class RemoteCaller(IPeerConnection connection, long correlation, int shard, IShardMap map) : IAskTarget
    {
        /// <summary>If the connection is gone the caller asks again by itself, with the same command id.</summary>
        public void Complete(AskOutcome outcome) =>
            connection.TrySend(
                FrameType.Reply, (correlation, outcome, map.Current[shard].Epoch),
                static (output, state) => AskCodec.WriteReply(output, state.correlation, state.outcome, state.Epoch));
    }
}
