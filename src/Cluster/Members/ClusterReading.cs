namespace AkkaScale.Cluster.Members;

/// <summary>One consistent reading of the cluster's row and its members'.</summary>
/// <param name="Generation">0 before the first founding.</param>
/// <param name="Founder">Incarnation that founded the generation; null before the first.</param>
/// <param name="Nodes">Those live or down, and others that were asked for by name.</param>
internal sealed record ClusterReading(long Generation, string? Founder, IReadOnlyList<NodeRow> Nodes);
