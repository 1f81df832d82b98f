namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>The single row of table cluster: what every member must agree on.</summary>
/// <param name="DatabaseIdentity">Of PostgreSQL: system identifier and timeline, "7301…/00000001"; of SQLite: a random id made with the file.</param>
/// <param name="Generation">Raised when the database lost a tail; epochs start at generation·2³².</param>
public sealed record ClusterIdentity(string ClusterName, int ShardCount, int SchemaVersion, string DatabaseIdentity, long Generation);
