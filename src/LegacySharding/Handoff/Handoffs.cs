using System.Buffers;
using System.Collections.Concurrent;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// All handoffs of one region, those that leave and those that arrive: gives frames, reports of shards and orders of ownership to the
/// attempts they belong to.
/// </summary>
internal sealed partial class Handoffs(
    ShardingOptions options, Action<ShardEpoch, string> readyToGive, ShardingMetrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Copies whose shard has not come after so many attempts' time are of no use.</summary>
    private const int ExpireAfterTimeouts = 3;

    private readonly ConcurrentDictionary<int, HandoffSource> _leaving = new();
    private readonly ConcurrentDictionary<string, HandoffTarget> _arriving = new(StringComparer.Ordinal);
    private readonly Lock _copiesLock = new();
    private readonly WarmCopies _copies = new(options);
    private IPeerNetwork? _network;
    private EntityKindRegistry? _kinds;
    private long _discardedTold;

    /// <summary>Until then shards move without copies. Set once.</summary>
    public void ConnectTo(IPeerNetwork? network, EntityKindRegistry kinds)
    {
        _kinds = kinds;
        Volatile.Write(ref _network, network);
    }

    public void Begin(ShardLoop loop, Incarnation target, string handoffId)
    {
        var source = new HandoffSource(
            handoffId, loop, target, Volatile.Read(ref _network), options,
            ready => readyToGive(new ShardEpoch(ready.Shard, ready.Epoch), ready.Id), metrics, time, logger);
        if (_leaving.TryGetValue(loop.Shard, out var former))
        {
            End(former, new HandoffInput.CalledOff());
        }

        _leaving[loop.Shard] = source;
        source.Post(new HandoffInput.Begin());
    }

    public void CallOff(ShardEpoch shard, string handoffId)
    {
        if (Find(shard.Shard, handoffId) is { } source)
        {
            End(source, new HandoffInput.CalledOff());
        }
    }

    public void GiveAway(ShardEpoch shard, string handoffId) => Find(shard.Shard, handoffId)?.Post(new HandoffInput.GivenAway());

    public void Ended(ShardEpoch shard, string handoffId, bool isGiven)
    {
        if (Find(shard.Shard, handoffId) is { } source)
        {
            End(source, new HandoffInput.Ended(isGiven));
        }
    }

    public void OnCopied(ShardLoop loop, ShardCopies copies) => Find(loop.Shard, copies.HandoffId)?.Post(copies);

    /// <summary>The shard has stopped by itself or was dropped: nothing that was copied of it under this epoch counts any more.</summary>
    public void OnShardGone(ShardLoop loop)
    {
        if (_leaving.TryGetValue(loop.Shard, out var source) && source.Epoch == loop.Epoch)
        {
            End(source, new HandoffInput.ShardGone());
        }
    }

    /// <inheritdoc cref="WarmCopies.Take"/>
    public WarmShard? Take(ShardEpoch shard, string acquiredBy)
    {
        WarmShard? warm;
        lock (_copiesLock)
        {
            warm = _copies.Take(shard.Shard, shard.Epoch, HandOver.HandoffIdOf(acquiredBy));
            TellDiscarded_NeedsLock();
        }

        if (warm is not null)
        {
            metrics.HandoffEntities("adopted", warm.Copies.Count);
        }

        return warm;
    }

    /// <summary>Now and then: forgets what never came to an end.</summary>
    public void Tick()
    {
        lock (_copiesLock)
        {
            _copies.Expire(time.GetTimestamp() - (long)(options.HandoffTimeout.TotalSeconds * ExpireAfterTimeouts * time.TimestampFrequency));
            TellDiscarded_NeedsLock();
            foreach (var handoffId in _arriving.Keys.Where(handoffId => !_copies.Contains(handoffId)))
            {
                _arriving.TryRemove(handoffId, out _);
            }
        }
    }

    /// <exception cref="FrameFormatException">The frame does not follow the format.</exception>
    public void OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload)
    {
        if (_kinds is not { } kinds)
        {
            return;
        }

        var bytes = payload.ToArray();
        if (type is FrameType.HandoffChunk or FrameType.HandoffManifest)
        {
            var handoffId = new FieldReader(bytes).Text();
            if (!_arriving.TryGetValue(handoffId, out var target) || !target.TryPost(from, type, bytes))
            {
                Abort(handoffId, from);
                Refuse(from, handoffId, "the attempt is not known, or sends too much");
            }

            return;
        }

        var frame = HandoffCodec.Read(type, bytes, kinds, options.RememberedCommands);
        switch (frame)
        {
            case HandoffFrame.Offer offer:
                OnOffer(from, offer, kinds);
                break;
            case HandoffFrame.Abort abort:
                Abort(abort.HandoffId, from);
                break;
            case HandoffFrame.Answer answer:
                Tell(from, answer.HandoffId, new HandoffInput.Answered(answer.IsAccepted, answer.Reason));
                break;
            case HandoffFrame.ChunkAck acked:
                Tell(from, acked.HandoffId, new HandoffInput.ChunkAcked(acked.Number, acked.IsFull));
                break;
            case HandoffFrame.ManifestAck acked:
                Tell(from, acked.HandoffId, new HandoffInput.ManifestAcked(acked.IsComplete));
                break;
        }
    }

    /// <summary>A chunk or a part of a manifest was decoded; called in the order of the connection.</summary>
    public void OnArrived(IPeerConnection from, HandoffFrame frame)
    {
        switch (frame)
        {
            case HandoffFrame.Chunk chunk:
                bool isKnown, isFull;
                lock (_copiesLock)
                {
                    isKnown = _copies.Add(from.Peer, chunk, time.GetTimestamp(), out isFull);
                    TellDiscarded_NeedsLock();
                }

                if (isKnown)
                {
                    from.TrySend(
                        FrameType.HandoffChunkAck, (chunk.HandoffId, chunk.Number, isFull),
                        static (output, it) => HandoffCodec.WriteChunkAck(output, it.HandoffId, it.Number, it.isFull));
                }
                else
                {
                    Refuse(from, chunk.HandoffId, "a chunk is missing, or the attempt is over");
                }

                break;
            case HandoffFrame.Manifest manifest:
                bool? isComplete;
                lock (_copiesLock)
                {
                    isComplete = _copies.Add(from.Peer, manifest, time.GetTimestamp());
                    TellDiscarded_NeedsLock();
                }

                if (isComplete is { } complete)
                {
                    _arriving.TryRemove(manifest.HandoffId, out _);
                    from.TrySend(
                        FrameType.HandoffManifestAck, (manifest.HandoffId, complete),
                        static (output, it) => HandoffCodec.WriteManifestAck(output, it.HandoffId, it.complete));
                }

                break;
        }
    }

    public void OnConnected(Incarnation peer)
    {
        foreach (var source in _leaving.Values.Where(source => source.Target == peer))
        {
            source.Post(new HandoffInput.Connected());
        }
    }

    public void OnDisconnected(Incarnation peer)
    {
        foreach (var source in _leaving.Values.Where(source => source.Target == peer))
        {
            source.Post(new HandoffInput.Cut("the connection to the target was lost"));
        }

        lock (_copiesLock)
        {
            _copies.Disconnected(peer);
            TellDiscarded_NeedsLock();
        }
    }

    public void Dispose()
    {
        foreach (var source in _leaving.Values)
        {
            source.Dispose();
        }
    }

    private HandoffSource? Find(int shard, string handoffId) =>
        _leaving.TryGetValue(shard, out var source) && source.Id == handoffId ? source : null;

    private void End(HandoffSource source, HandoffInput how)
    {
        _leaving.TryRemove(KeyValuePair.Create(source.Shard, source));
        source.Post(how);
        source.Dispose();
    }

    private void OnOffer(IPeerConnection from, HandoffFrame.Offer offer, EntityKindRegistry kinds)
    {
        string? refusal;
        lock (_copiesLock)
        {
            refusal = _copies.Offer(offer.HandoffId, from.Peer, offer.Shard, offer.Epoch, time.GetTimestamp());
            TellDiscarded_NeedsLock();
            if (refusal is null)
            {
                _arriving.TryAdd(offer.HandoffId, new HandoffTarget(this, kinds, options));
            }
        }

        if (refusal is not null)
        {
            Refuse(from, offer.HandoffId, refusal);
            return;
        }

        from.TrySend(
            FrameType.HandoffAnswer, offer.HandoffId, static (output, id) => HandoffCodec.WriteAnswer(output, id, isAccepted: true, ""));
    }

    private void Abort(string handoffId, IPeerConnection from)
    {
        _arriving.TryRemove(handoffId, out _);
        lock (_copiesLock)
        {
            _copies.Abort(handoffId, from.Peer);
            TellDiscarded_NeedsLock();
        }
    }

    private static void Refuse(IPeerConnection from, string handoffId, string reason) => from.TrySend(
        FrameType.HandoffAnswer, (handoffId, reason),
        static (output, it) => HandoffCodec.WriteAnswer(output, it.handoffId, isAccepted: false, it.reason));

    /// <summary>Only the target of an attempt has a say in it.</summary>
    private void Tell(IPeerConnection from, string handoffId, HandoffInput input)
    {
        foreach (var source in _leaving.Values)
        {
            if (source.Id == handoffId && source.Target == from.Peer)
            {
                source.Post(input);
            }
        }
    }

    private void TellDiscarded_NeedsLock()
    {
        if (_copies.Discarded > _discardedTold)
        {
            metrics.HandoffEntities("discarded", _copies.Discarded - _discardedTold);
            _discardedTold = _copies.Discarded;
        }
    }
}
