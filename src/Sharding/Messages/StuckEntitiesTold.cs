namespace AkkaScale.Sharding.Messages;

/// <summary>A member's entities that have been at one message for long. It goes to every member while there are any, and once when there are none left.</summary>
/// <param name="Node">Address of the member.</param>
/// <param name="Entities">Of any number the longest ones.</param>
internal sealed record StuckEntitiesTold(string Node, StuckEntityTold[] Entities) : IShardingMessage;

/// <param name="Region">The entity's kind.</param>
/// <param name="Seconds">For how long it has been at its message.</param>
internal sealed record StuckEntityTold(string Region, int Shard, string Id, double Seconds);
