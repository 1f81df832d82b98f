namespace AkkaScale.Hosting.Transfers;

/// <summary>First line of an export.</summary>
/// <param name="Format">1.</param>
internal sealed record ExportHeader(int Format, string Cluster, int ShardCount, long Generation, DateTimeOffset At);
