namespace AkkaScale.Sharding.Routing;

/// <summary>A region whose shards have numbers, and whose coordinator follows orders.</summary>
/// <param name="Name">Type name, as given to sharding.</param>
/// <param name="Role">Members with it host its shards; null: all do.</param>
internal sealed record SteeredRegion(string Name, int ShardCount, string? Role);
