namespace AkkaScale.Sharding.Messages;

/// <summary>Asks a node which of its entities were given the most commands and reads lately.</summary>
/// <param name="Kind">Null: every kind.</param>
internal sealed record AskBusiest(string? Kind, int Limit) : IShardingMessage;

/// <param name="Entities">The busiest first.</param>
/// <param name="WindowSeconds">What lately is.</param>
internal sealed record BusiestAnswer(IReadOnlyList<BusyEntity> Entities, double WindowSeconds) : IShardingMessage;

/// <param name="Messages">Within the window.</param>
internal sealed record BusyEntity(string Kind, string Id, int Shard, long Messages);
