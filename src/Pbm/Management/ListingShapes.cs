using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <param name="Next">What to go on after; null: there are no more.</param>
/// <param name="Unknown">Shards whose owner did not answer.</param>
public sealed record EntityListing(IReadOnlyList<ListedEntity> Entities, string? Next, IReadOnlyList<UnknownShardShape> Unknown);

public sealed record ListedEntity(string Kind, string Id, string Region, int Shard, string Owner);

public sealed record UnknownShardShape(string Region, int Shard, string Owner);

/// <param name="Unknown">Nodes that did not answer.</param>
public sealed record BusiestListing(IReadOnlyList<BusyEntityShape> Entities, IReadOnlyList<string> Unknown);

/// <param name="Messages">Commands and reads, in the last ten to twenty seconds.</param>
public sealed record BusyEntityShape(string Kind, string Id, string Region, int Shard, string Owner, long Messages, double PerSecond);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EntityListing))]
[JsonSerializable(typeof(BusiestListing))]
internal sealed partial class ListingJson : JsonSerializerContext;
