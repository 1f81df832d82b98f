using System.Collections.Frozen;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>JSON with the type's name for a manifest.</summary>
internal sealed class ProbeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly FrozenDictionary<string, Type> Types = new[]
    {
        typeof(Note), typeof(Read), typeof(Noticed), typeof(Contents), typeof(Noted), typeof(StopEntity),
    }.ToFrozenDictionary(type => type.Name);

    public override int Identifier => 9401;

    public override string Manifest(object o) => o.GetType().Name;

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType());

    public override object FromBinary(byte[] bytes, string manifest) =>
        JsonSerializer.Deserialize(bytes, Types[manifest]) ?? throw new JsonException($"A {manifest} is null.");
}
