using System.Collections.Concurrent;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Stuck;

/// <summary>What each entity of this node is at, also while it recovers. Thread-safe.</summary>
internal sealed class WorkBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<EntityWork, byte> _works = new();

    public EntityWork Enter(EntityKey entity)
    {
        var work = new EntityWork(entity, time);
        _works[work] = 0;
        return work;
    }

    public void Leave(EntityWork work) => _works.TryRemove(work, out _);

    /// <summary>Those that have been at one message for so long, and since when, by the monotonic clock.</summary>
    public IEnumerable<(EntityKey Entity, TimeSpan Since)> LongerThan(TimeSpan span)
    {
        var latest = time.Monotonic() - span;
        foreach (var (work, _) in _works)
        {
            if (work.Since is { } since && since <= latest)
            {
                yield return (work.Entity, since);
            }
        }
    }
}
