namespace AkkaScale.Sharding.Options;

/// <summary>Who moves shards.</summary>
public enum AllocationMode
{
    /// <summary>Coordinators keep members even by number and load, and carry out orders.</summary>
    Automatic,

    /// <summary>
    /// Orders alone: moves, pins, drains. A shard without a home is given one all the same, and one whose lease another holds goes there.
    /// </summary>
    Manual,
}
