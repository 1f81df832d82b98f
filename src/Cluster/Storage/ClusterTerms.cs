namespace AkkaScale.Cluster.Storage;

/// <summary>What all members of a cluster must agree on; the first one fixes it.</summary>
/// <param name="CaFingerprint">Null without mutual TLS.</param>
internal sealed record ClusterTerms(string Cluster, IReadOnlyDictionary<string, int> ShardCounts, string? CaFingerprint);
