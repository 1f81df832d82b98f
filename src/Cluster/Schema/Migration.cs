namespace AkkaScale.Cluster.Schema;

/// <summary>
/// One numbered SQL file of an embedded schema. A file that was ever released is never edited; changes come as the next one.
/// </summary>
internal sealed record Migration(int Number, string Name, string Sql);
