using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Serialization;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Serialization;

/// <summary>Every <see cref="IShardingMessage"/> as UTF-8 JSON under the name given here.</summary>
internal sealed class ShardingMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>A name here is on the wire: another one for another meaning.</summary>
    private static readonly FrozenDictionary<string, JsonTypeInfo> ByName = new Dictionary<string, JsonTypeInfo>
    {
        // Add a message: a line here, and its type at the context below.
        ["map"] = ShardingMessageJson.Default.ShardMapPublished,
        ["loads"] = ShardingMessageJson.Default.ShardLoadsReported,
        ["touch"] = ShardingMessageJson.Default.TouchShard,
        ["ask-residents"] = ShardingMessageJson.Default.AskResidents,
        ["residents"] = ShardingMessageJson.Default.ResidentsAnswer,
        ["ask-look"] = ShardingMessageJson.Default.AskLook,
        ["look"] = ShardingMessageJson.Default.LookAnswer,
        ["ask-passivation"] = ShardingMessageJson.Default.AskPassivation,
        ["passivation"] = ShardingMessageJson.Default.PassivationAnswer,
        ["ask-unreached"] = ShardingMessageJson.Default.AskUnreached,
        ["ask-entities"] = ShardingMessageJson.Default.AskEntities,
        ["entities"] = ShardingMessageJson.Default.EntitiesAnswer,
        ["ask-busiest"] = ShardingMessageJson.Default.AskBusiest,
        ["busiest"] = ShardingMessageJson.Default.BusiestAnswer,
        ["unreached"] = ShardingMessageJson.Default.UnreachedAnswer,
        ["stuck"] = ShardingMessageJson.Default.StuckEntitiesTold,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = ByName.ToFrozenDictionary(each => each.Value.Type, each => each.Key);

    public override int Identifier => 7102;

    public override string Manifest(object o) => Names.TryGetValue(o.GetType(), out var name)
        ? name
        : throw new ArgumentException($"{o.GetType().Name} is not in the list of messages.", nameof(o));

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, ByName[Manifest(obj)]);

    public override object FromBinary(byte[] bytes, string manifest) => ByName.TryGetValue(manifest, out var type)
        ? JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException($"A message {manifest} is null.")
        : throw new JsonException($"There is no message {manifest}.");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ShardMapPublished))]
[JsonSerializable(typeof(ShardLoadsReported))]
[JsonSerializable(typeof(TouchShard))]
[JsonSerializable(typeof(AskResidents))]
[JsonSerializable(typeof(ResidentsAnswer))]
[JsonSerializable(typeof(AskLook))]
[JsonSerializable(typeof(LookAnswer))]
[JsonSerializable(typeof(AskPassivation))]
[JsonSerializable(typeof(PassivationAnswer))]
[JsonSerializable(typeof(AskUnreached))]
[JsonSerializable(typeof(UnreachedAnswer))]
[JsonSerializable(typeof(StuckEntitiesTold))]
[JsonSerializable(typeof(AskEntities))]
[JsonSerializable(typeof(EntitiesAnswer))]
[JsonSerializable(typeof(AskBusiest))]
[JsonSerializable(typeof(BusiestAnswer))]
internal sealed partial class ShardingMessageJson : JsonSerializerContext;
