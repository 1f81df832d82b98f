namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>A shard under one epoch: the right to write, or what is given up.</summary>
public readonly record struct ShardEpoch(int Shard, long Epoch);
