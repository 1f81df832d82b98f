using System.Text.Json;

namespace AkkaScale.Sharding.Messages;

/// <summary>Asks a node what it has of an entity in memory; wakes nobody.</summary>
internal sealed record AskLook(string Kind, string Id) : IShardingMessage;

/// <param name="Version">Of the last durable event; 0 where it is not in memory.</param>
/// <param name="State">
/// As snapshots have it; null where it is not in memory, has no events, has a write under way, or is too large for a message.
/// </param>
internal sealed record LookAnswer(bool IsResident, long Version, JsonElement? State) : IShardingMessage;
