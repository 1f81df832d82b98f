using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Reading;

/// <summary>
/// Recoveries under way: the snapshot store reads an entity's events with its snapshot, and the journal, asked for them a moment later,
/// need not ask again. Each is used once.
/// </summary>
/// <remarks>
/// It must not serve what is no longer so. A write of the entity that the journal accepts after the reading began takes it away, and so
/// does a change of the lease's epoch; what nobody picked up grows old. The journal then reads for itself.
/// </remarks>
internal sealed class HandOvers(TimeProvider time)
{
    private const int Most = 4096;

    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HandOver> _open = new(StringComparer.Ordinal);

    /// <summary>
    /// To be called before the reading begins, and before the look for writes that it has to wait for; null when there is no room, and the
    /// reading is for the snapshot alone.
    /// </summary>
    public HandOver? Begin(string persistenceId, Slice slice)
    {
        lock (_lock)
        {
            if (_open.Count >= Most)
            {
                RemoveOld_NeedsLock();
            }

            if (_open.Count >= Most && !_open.ContainsKey(persistenceId))
            {
                return null;
            }

            return _open[persistenceId] = new HandOver(persistenceId, slice, time.GetTimestamp());
        }
    }

    public void Complete(HandOver handOver, RecoveryRead read, long from)
    {
        lock (_lock)
        {
            handOver.From = from;
            handOver.Read = read;
        }
    }

    /// <summary>What was read, if it begins where it is wanted and still holds; it stays for <see cref="Take"/>.</summary>
    public RecoveryRead? Look(string persistenceId, long from, Slice slice)
    {
        lock (_lock)
        {
            return Find_NeedsLock(persistenceId, from, slice)?.Read;
        }
    }

    /// <summary>The same, and it is gone.</summary>
    public RecoveryRead? Take(string persistenceId, long from, Slice slice)
    {
        lock (_lock)
        {
            var found = Find_NeedsLock(persistenceId, from, slice)?.Read;
            _open.Remove(persistenceId);
            return found;
        }
    }

    /// <summary>What was read of the entity, or is being read, no longer holds.</summary>
    public void Discard(string persistenceId)
    {
        lock (_lock)
        {
            if (_open.Count > 0)
            {
                _open.Remove(persistenceId);
            }
        }
    }

    private HandOver? Find_NeedsLock(string persistenceId, long from, Slice slice) =>
        _open.TryGetValue(persistenceId, out var found) && found.Read is not null && found.From == from && found.Slice == slice
            && time.GetElapsedTime(found.StartedAt) < LongestAge
            ? found
            : null;

    private void RemoveOld_NeedsLock()
    {
        foreach (var handOver in _open.Values.Where(handOver => time.GetElapsedTime(handOver.StartedAt) >= LongestAge).ToList())
        {
            _open.Remove(handOver.PersistenceId);
        }
    }
}
