namespace AkkaScale.Sharding.Messages;

/// <summary>Asks a node how many entities each shard of a region that runs there has in memory.</summary>
internal sealed record AskResidents(string Region) : IShardingMessage;

/// <param name="ByShard">By the shard's number; a shard that did not answer in time is not in it.</param>
internal sealed record ResidentsAnswer(Dictionary<int, int> ByShard) : IShardingMessage;
