namespace AkkaScale.LegacySharding.Regions;

/// <summary>What a shard's owner has of an entity in memory.</summary>
/// <param name="IsResident">Loaded, or being loaded.</param>
/// <param name="Version">Of <paramref name="State"/>.</param>
/// <param name="State">JSON, as snapshots have it. Null: not in memory, or nothing that is durable as it stands.</param>
public sealed record EntityLook(bool IsResident, long Version, byte[]? State)
{
    public static EntityLook NotThere { get; } = new(false, 0, null);
}

/// <summary>What became of an order to take an entity out of memory.</summary>
public enum PassivateOutcome
{
    Passivated,

    /// <summary>It was not in memory.</summary>
    NotResident,

    /// <summary>It is being loaded, owes answers, has writes under way, or its shard is on its way to another node.</summary>
    Busy,
}
