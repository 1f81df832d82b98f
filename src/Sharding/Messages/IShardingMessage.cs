namespace AkkaScale.Sharding.Messages;

/// <summary>
/// A plain record between nodes, sent as JSON by <see cref="Serialization.ShardingMessageSerializer"/>, which lists them all.
/// </summary>
internal interface IShardingMessage;
