using System.Text.Json;

namespace AkkaScale.Management.Facts;

/// <summary>One entity as it is now.</summary>
/// <param name="Owner">Name of the node; null: nobody, or not known.</param>
/// <param name="Version">Number of its events; 0: it does not exist.</param>
/// <param name="IsResident">Null: the owner did not answer in time.</param>
/// <param name="IsFromMemory">From its owner's memory; else folded from snapshot and events.</param>
/// <param name="State">As snapshots have it; null: there are no events.</param>
internal sealed record EntityFacts(
    string Kind, string Id, ShardKey Shard, string? Owner, long Version, bool? IsResident, bool IsFromMemory, JsonElement? State);

/// <param name="Owner">Name of the node; null: nobody, or not known.</param>
/// <param name="OwnerId">Id of the member; null: nobody.</param>
/// <param name="Version">Number of its events.</param>
/// <param name="IsResident">Null: the owner did not answer in time.</param>
internal sealed record EntityPlace(
    string Kind, string Id, ShardKey Shard, string? Owner, string? OwnerId, long Epoch, long Version, bool? IsResident);

/// <param name="Next">What to ask after for the next page; null: this is the last.</param>
internal sealed record EventPage(IReadOnlyList<EntityEvent> Events, long? Next);

/// <param name="Epoch">Of the ownership under which it was written.</param>
internal sealed record EntityEvent(
    long Version, string Type, ShardKey Shard, long? Epoch, string? CommandId, DateTimeOffset At, JsonElement Payload);
