namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>What may be ordered of a node; without an order it takes its share.</summary>
public enum NodeOrderKind
{
    /// <summary>Keeps the shards it has and gets no more.</summary>
    Cordon,

    /// <summary>Gives all its shards away and gets none, but stays a member.</summary>
    Drain,
}
