namespace AkkaScale.Sharding.Options;

/// <summary>How a coordinator moves shards, the same on every member.</summary>
public sealed class AllocationOptions
{
    /// <summary>Whether coordinators move shards that nobody ordered to move.</summary>
    public AllocationMode Mode { get; set; }

    /// <summary>
    /// After which half of what was known of a shard's load is what came since: a burst that is shorter moves little.
    /// </summary>
    public TimeSpan LoadHalfLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Shards of one region that may be on their way at a time, 1 to 10,000. What a lost or leaving member had does not wait for it.
    /// </summary>
    public int MaxMovingShards { get; set; } = 10;

    /// <summary>
    /// Of those, the ones that leave one member, and the ones that go to one member. There are two rounds a second: by four a second member
    /// has its half of 256 shards within 16 seconds, while each of its shards is away for a moment only.
    /// </summary>
    public int MaxMovingShardsPerNode { get; set; } = 4;

    /// <summary>Nothing moves for the balance before membership has not changed for so long, and all members have been reachable.</summary>
    public TimeSpan QuietFor { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>For so long a shard that was moved by order is left alone by the balance.</summary>
    public TimeSpan MoveRest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An order is given up when its node is not up, or an entity of the shard does not let go of a message, for so long.</summary>
    public TimeSpan OrderPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxMovingShards is < 1 or > 10_000 || MaxMovingShardsPerNode is < 1 or > 10_000)
        {
            yield return "Allocation:MaxMovingShards and MaxMovingShardsPerNode must be 1 to 10,000.";
        }

        if (!Enum.IsDefined(Mode))
        {
            yield return "Allocation:Mode must be Automatic or Manual.";
        }

        if (LoadHalfLife < TimeSpan.FromSeconds(1))
        {
            yield return "Allocation:LoadHalfLife must be at least a second.";
        }

        if (QuietFor < TimeSpan.Zero || MoveRest < TimeSpan.Zero || OrderPatience < TimeSpan.Zero)
        {
            yield return "Allocation:QuietFor, MoveRest and OrderPatience must not be negative.";
        }
    }
}
