namespace AkkaScale.Management.Facts;

/// <summary>Which entities in memory are asked for.</summary>
/// <param name="Kind">Null: every kind.</param>
/// <param name="Shard">Null: every shard.</param>
/// <param name="AfterKind">Of the last entity that is known already; empty: from the first.</param>
internal sealed record EntityWish(string? Kind, ShardKey? Shard, string AfterKind, string AfterId, int Limit);
