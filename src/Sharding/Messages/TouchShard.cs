namespace AkkaScale.Sharding.Messages;

/// <summary>
/// Has a shard allocated and started as any message would, without an entity: it goes to a throw-away child of the shard that stops at
/// once, see <see cref="Routing.TouchedActor"/>. Told to a region; nothing is answered.
/// </summary>
internal sealed record TouchShard(int Shard) : IShardingMessage
{
    /// <summary>Not in NFC, so that no entity has it.</summary>
    public const string EntityId = "e\u0301";
}
