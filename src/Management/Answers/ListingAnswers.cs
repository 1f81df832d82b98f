namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: entities in memory.

/// <param name="Entities">In order of kind and id.</param>
/// <param name="Next">What to ask after for the next page; null: this is the last.</param>
/// <param name="Unknown">Shards whose owner did not answer: what they have in memory is not known.</param>
internal sealed record EntitiesInMemory(IReadOnlyList<EntityPlaceInMemory> Entities, string? Next, IReadOnlyList<UnknownShard> Unknown);

/// <param name="Owner">Name of the node.</param>
internal sealed record EntityPlaceInMemory(string Kind, string Id, string Region, int Shard, string Owner);

/// <param name="Owner">Name of the node.</param>
internal sealed record UnknownShard(string Region, int Shard, string Owner);

/// <param name="Entities">The busiest first.</param>
/// <param name="Unknown">Names of nodes that did not answer.</param>
internal sealed record BusiestEntities(IReadOnlyList<BusyEntityAnswer> Entities, IReadOnlyList<string> Unknown);

/// <param name="Messages">Commands and reads that it was given in the last ten to twenty seconds.</param>
internal sealed record BusyEntityAnswer(string Kind, string Id, string Region, int Shard, string Owner, long Messages, double PerSecond);
