namespace AkkaScale.Cluster.Decisions;

/// <summary>A connection to the table of decisions. Used by one thread at a time; whatever it throws breaks it.</summary>
internal interface IDecisionSession : IDisposable
{
    /// <summary>Adds rows, all or none.</summary>
    /// <returns>The highest number among them.</returns>
    long Write(IReadOnlyList<ShardDecision> decisions);

    /// <summary>Those with higher numbers, in order.</summary>
    IReadOnlyList<ShardDecision> ReadAfter(long nr, int limit);

    /// <summary>Of one shard, the latest first.</summary>
    IReadOnlyList<ShardDecision> ReadLatest(string region, int shard, int limit);

    /// <summary>For each shard of a region that <see cref="ShardDecisionKind.Arrived"/> since then, the latest of them.</summary>
    IReadOnlyList<ShardDecision> ReadArrivals(string region, DateTime since);

    /// <summary>The highest number; 0 where there is no row.</summary>
    long Latest();

    /// <summary>Removes rows up to this number.</summary>
    void Prune(long upTo);
}
