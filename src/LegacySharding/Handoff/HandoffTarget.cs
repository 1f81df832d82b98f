using System.Collections.Concurrent;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// Reads the chunks and the manifest of one attempt in order, as a pool work item: decoding on the connection would keep asks waiting.
/// A chunk is acknowledged when it is decoded, so that starting the shard costs next to nothing.
/// </summary>
internal sealed class HandoffTarget(Handoffs handoffs, EntityKindRegistry kinds, ShardingOptions options) : IThreadPoolWorkItem
{
    /// <summary>Manifests are not held back by the window; this is enough for one of half a million entities.</summary>
    private const long SpareBytes = 8 * 1024 * 1024;

    private readonly ConcurrentQueue<(IPeerConnection From, FrameType Type, byte[] Payload)> _frames = new();
    private int _scheduled;
    private long _queuedBytes;

    /// <summary>False: the source does not keep to its window.</summary>
    public bool TryPost(IPeerConnection from, FrameType type, byte[] payload)
    {
        if (Interlocked.Add(ref _queuedBytes, payload.Length) > (2L * options.HandoffWindowBytes) + SpareBytes)
        {
            return false;
        }

        _frames.Enqueue((from, type, payload));
        Schedule();
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (_frames.TryDequeue(out var frame))
        {
            Interlocked.Add(ref _queuedBytes, -frame.Payload.Length);
            HandoffFrame? read = null;
            try
            {
                read = HandoffCodec.Read(frame.Type, frame.Payload, kinds, options.RememberedCommands);
            }
            catch (FrameFormatException)
            {
                // Without this frame the attempt is incomplete, which the next one shows.
            }

            if (read is not null)
            {
                handoffs.OnArrived(frame.From, read);
            }
        }

        Volatile.Write(ref _scheduled, 0);
        if (!_frames.IsEmpty)
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
