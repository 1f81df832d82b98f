using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// Copies of shards on their way to this node, bounded in shards and bytes. A step function without clock or lock: its caller
/// brings both.
/// </summary>
/// <remarks>
/// A new owner gets copies only if the owner row names this very attempt, its epoch is the one after the source's, and the manifest came
/// whole: a takeover after the source died looks the same but for the id, and its copies may be old. In all other cases they
/// are thrown away and the journal is read.
/// </remarks>
internal sealed class WarmCopies(ShardingOptions options)
{
    private readonly Dictionary<string, WarmArrival> _arrivals = new(StringComparer.Ordinal);

    public int Count => _arrivals.Count;

    public long Bytes { get; private set; }

    /// <summary>Entities thrown away so far, of whatever reason.</summary>
    public long Discarded { get; private set; }

    public bool Contains(string handoffId) => _arrivals.ContainsKey(handoffId);

    /// <summary>Null if the offer is accepted; else why not.</summary>
    public string? Offer(string handoffId, Incarnation source, int shard, long epoch, long now)
    {
        if (!handoffId.StartsWith($"{source}-", StringComparison.Ordinal))
        {
            return "the handoff does not bear the name of its source";
        }

        if (Find(handoffId, source) is not null)
        {
            return null;
        }

        // One attempt for a shard: an earlier one is off, or it would not be offered again.
        foreach (var earlier in _arrivals.Values.Where(arrival => arrival.Shard == shard && arrival.Epoch <= epoch).ToArray())
        {
            Discard(earlier);
        }

        if (_arrivals.Count >= options.WarmHandoffs || Bytes >= options.WarmCopyBytes)
        {
            return $"the target keeps copies of {_arrivals.Count} shards, {Bytes} bytes, and takes no more";
        }

        _arrivals.Add(handoffId, new WarmArrival(handoffId, source, shard, epoch) { TouchedAt = now });
        return null;
    }

    /// <summary>False: a chunk is missing or the attempt is not known (any more), so that it has to be given up.</summary>
    public bool Add(Incarnation source, HandoffFrame.Chunk chunk, long now, out bool isFull)
    {
        isFull = false;
        if (Find(chunk.HandoffId, source) is not { IsComplete: false } arrival)
        {
            return false;
        }

        arrival.TouchedAt = now;
        if (chunk.Number <= arrival.Chunks)
        {
            // Seen before.
            return true;
        }

        if (chunk.Number != arrival.Chunks + 1)
        {
            Discard(arrival);
            return false;
        }

        arrival.Chunks++;
        for (var index = 0; index < chunk.Copies.Count; index++)
        {
            isFull |= !TryKeep(arrival, chunk.Copies[index], chunk.Sizes[index]);
        }

        return true;
    }

    /// <summary>True or false: the manifest is whole and the copies are complete, or it cannot be; null: more parts are to come.</summary>
    public bool? Add(Incarnation source, HandoffFrame.Manifest part, long now)
    {
        if (Find(part.HandoffId, source) is not { } arrival)
        {
            return false;
        }

        arrival.TouchedAt = now;
        if (part.Part <= arrival.ManifestParts)
        {
            return arrival.IsComplete ? true : null;
        }

        if (part.Part != arrival.ManifestParts + 1 || part.Chunks != arrival.Chunks || part.NextPosition < 1)
        {
            Discard(arrival);
            return false;
        }

        arrival.ManifestParts++;
        foreach (var entry in part.Entries)
        {
            arrival.Manifest[entry.Stamp] = entry.Version;
        }

        if (!part.IsLast)
        {
            return null;
        }

        arrival.NextPosition = part.NextPosition;
        DropUnconfirmed(arrival);
        arrival.IsComplete = true;
        return true;
    }

    /// <summary>
    /// What this node may start the shard with, or null: then it loads. Whatever else it has of the shard up to this epoch is thrown away.
    /// </summary>
    /// <param name="handoffId">The attempt the owner row names; null if the epoch was reached in another way.</param>
    public WarmShard? Take(int shard, long epoch, string? handoffId)
    {
        WarmShard? warm = null;
        foreach (var arrival in _arrivals.Values.Where(arrival => arrival.Shard == shard && arrival.Epoch < epoch).ToArray())
        {
            if (arrival.IsComplete && arrival.HandoffId == handoffId && arrival.Epoch + 1 == epoch)
            {
                warm = new WarmShard(arrival.NextPosition, [.. arrival.Copies.Values.Select(kept => kept.Copy)]);
                Remove(arrival);
            }
            else
            {
                Discard(arrival);
            }
        }

        return warm;
    }

    public void Abort(string handoffId, Incarnation source)
    {
        if (Find(handoffId, source) is { } arrival)
        {
            Discard(arrival);
        }
    }

    /// <summary>The peer is gone, and what it had not finished will never be. Complete copies stay: the shard may be on its way.</summary>
    public void Disconnected(Incarnation source)
    {
        foreach (var arrival in _arrivals.Values.Where(arrival => arrival.Source == source && !arrival.IsComplete).ToArray())
        {
            Discard(arrival);
        }
    }

    /// <summary>Throws away what has not moved since <paramref name="before"/>.</summary>
    public void Expire(long before)
    {
        foreach (var arrival in _arrivals.Values.Where(arrival => arrival.TouchedAt < before).ToArray())
        {
            Discard(arrival);
        }
    }

    private WarmArrival? Find(string handoffId, Incarnation source) =>
        _arrivals.GetValueOrDefault(handoffId) is { } arrival && arrival.Source == source ? arrival : null;

    private bool TryKeep(WarmArrival arrival, WarmCopy copy, int size)
    {
        Forget(arrival, copy.Key);
        if (Bytes + size > options.WarmCopyBytes)
        {
            Discarded++;
            return false;
        }

        arrival.Copies.Add(copy.Key, (copy, size));
        arrival.Bytes += size;
        Bytes += size;
        return true;
    }

    /// <summary>An entity that changed after it was copied, or that has left its owner's memory, is loaded.</summary>
    private void DropUnconfirmed(WarmArrival arrival)
    {
        foreach (var (key, (copy, _)) in arrival.Copies.ToArray())
        {
            if (!arrival.Manifest.TryGetValue(copy.Stamp, out var version) || version != copy.Version)
            {
                Discarded++;
                Forget(arrival, key);
            }
        }
    }

    private void Forget(WarmArrival arrival, EntityKey key)
    {
        if (arrival.Copies.Remove(key, out var former))
        {
            arrival.Bytes -= former.Size;
            Bytes -= former.Size;
        }
    }

    private void Discard(WarmArrival arrival)
    {
        Discarded += arrival.Copies.Count;
        Remove(arrival);
    }

    private void Remove(WarmArrival arrival)
    {
        Bytes -= arrival.Bytes;
        _arrivals.Remove(arrival.HandoffId);
    }
}
