using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Serialization;

namespace AkkaScale.Management.Nodes;

/// <summary>Every <see cref="IManagementMessage"/> as UTF-8 JSON under the name given here.</summary>
internal sealed class ManagementMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>A name here is on the wire: another one for another meaning.</summary>
    private static readonly FrozenDictionary<string, JsonTypeInfo> ByName = new Dictionary<string, JsonTypeInfo>
    {
        // Add a message: a line here, and its type at the context below.
        ["ask-report"] = ManagementMessageJson.Default.AskReport,
        ["report"] = ManagementMessageJson.Default.ReportAnswer,
        ["order-drill"] = ManagementMessageJson.Default.OrderDrill,
        ["ask-log"] = ManagementMessageJson.Default.AskLog,
        ["log"] = ManagementMessageJson.Default.LogAnswer,
        ["order-log-level"] = ManagementMessageJson.Default.OrderLogLevel,
        ["log-level"] = ManagementMessageJson.Default.LogLevelState,
        ["drill-readiness"] = ManagementMessageJson.Default.DrillReadiness,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = ByName.ToFrozenDictionary(each => each.Value.Type, each => each.Key);

    public override int Identifier => 7103;

    public override string Manifest(object o) => Names.TryGetValue(o.GetType(), out var name)
        ? name
        : throw new ArgumentException($"{o.GetType().Name} is not in the list of messages.", nameof(o));

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, ByName[Manifest(obj)]);

    public override object FromBinary(byte[] bytes, string manifest) => ByName.TryGetValue(manifest, out var type)
        ? JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException($"A message {manifest} is null.")
        : throw new JsonException($"There is no message {manifest}.");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AskReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(OrderDrill))]
[JsonSerializable(typeof(DrillReadiness))]
[JsonSerializable(typeof(AskLog))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(OrderLogLevel))]
[JsonSerializable(typeof(LogLevelState))]
internal sealed partial class ManagementMessageJson : JsonSerializerContext;
