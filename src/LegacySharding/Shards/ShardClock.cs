using AkkaScale.LegacyCluster;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>Time as an input of one step.</summary>
/// <param name="Now">Monotonic ticks of this process (TimeProvider.GetTimestamp), read after the input had arrived.</param>
/// <param name="LeaseDeadline">Up to which this process may serve, in the same ticks; compared, never cached.</param>
/// <param name="Wall">For the time recorded with events; decides nothing.</param>
internal readonly record struct ShardClock(long Now, long LeaseDeadline, DateTimeOffset Wall)
{
    public bool MayServe => Now < LeaseDeadline;
}
