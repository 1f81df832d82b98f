using AkkaScale.Entities;

namespace AkkaScale.Sharding.Stuck;

/// <summary>What one entity in memory is at. Its actor writes it, anybody reads it.</summary>
internal sealed class EntityWork(EntityKey entity, TimeProvider time)
{
    private const long Idle = long.MinValue;

    private long _since = Idle;

    public EntityKey Entity => entity;

    /// <summary>Since when it has been at its present message, by the monotonic clock; null: it waits for one.</summary>
    public TimeSpan? Since => Volatile.Read(ref _since) is var since and not Idle ? time.GetElapsedTime(0, since) : null;

    public void Begin() => Volatile.Write(ref _since, time.GetTimestamp());

    public void End() => Volatile.Write(ref _since, Idle);
}
