namespace AkkaScale.Sharding.Messages;

/// <summary>What shards of a region carry on one node, told to the coordinator's node now and then. One that is lost makes what is known older.</summary>
/// <param name="Seconds">In which the messages came.</param>
/// <param name="Shards">By number: messages, and entities in memory. At most <see cref="MostShards"/>; a node with more tells in parts.</param>
internal sealed record ShardLoadsReported(string Region, double Seconds, IReadOnlyDictionary<int, long[]> Shards) : IShardingMessage
{
    /// <summary>They fit into a frame of remoting.</summary>
    public const int MostShards = 2_000;
}
