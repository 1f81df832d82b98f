namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>What went on in one shard of a member during a report's interval.</summary>
/// <param name="Messages">Commands and reads that reached the shard.</param>
/// <param name="Residents">Entities in memory at its end.</param>
public readonly record struct ShardTraffic(int Shard, long Messages, int Residents);
