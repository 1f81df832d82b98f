namespace AkkaScale.Sharding.Messages;

/// <summary>Asks a node which entities of a region it has in memory, in ordinal order of id.</summary>
/// <param name="Shard">Null: every shard that runs there.</param>
/// <param name="After">Id of the last one that is known already; empty: from the first.</param>
internal sealed record AskEntities(string Region, int? Shard, string After, int Limit) : IShardingMessage;

/// <param name="Entities">In order of id.</param>
/// <param name="IsCut">There are more after the last of them.</param>
/// <param name="Shards">Those that answered.</param>
internal sealed record EntitiesAnswer(IReadOnlyList<EntityInMemory> Entities, bool IsCut, IReadOnlyList<int> Shards) : IShardingMessage;

internal sealed record EntityInMemory(string Id, int Shard);
