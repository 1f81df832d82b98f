namespace AkkaScale.Sharding.Messages;

/// <summary>Tells a node to take an entity out of memory if nothing of it is under way.</summary>
internal sealed record AskPassivation(string Kind, string Id) : IShardingMessage;

/// <param name="WasResident">False: it was not in memory.</param>
/// <param name="IsAccepted">False: it stays, since something of it is under way.</param>
internal sealed record PassivationAnswer(bool WasResident, bool IsAccepted) : IShardingMessage;
