namespace AkkaScale.Sharding.Messages;

/// <summary>Asks a node whom it does not reach.</summary>
internal sealed record AskUnreached : IShardingMessage;

/// <param name="Addresses">Of members that its own failure detector holds for unavailable.</param>
internal sealed record UnreachedAnswer(string[] Addresses) : IShardingMessage;
