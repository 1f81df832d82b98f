using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Entities;

namespace AkkaScale.Gateway.Routing;

/// <summary>A kind of entity as HTTP shows it.</summary>
/// <param name="Kind">Name of its entity kind.</param>
/// <param name="Collection">First segment of its routes.</param>
/// <param name="CommandJson">Writes its commands, their declared names included: the canonical form that a payload hash is made of.</param>
/// <param name="Read">The command that answers with the state.</param>
/// <param name="Validate">What of a command is malformed whatever the state.</param>
internal sealed record Resource(
    string Kind, string Collection, JsonTypeInfo CommandJson, object Read, Func<object, Refusal?> Validate)
{
    public void WriteCommand(IBufferWriter<byte> output, object command)
    {
        using var json = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(json, command, CommandJson);
    }

    /// <summary>The reference to one entity, percent-encoded.</summary>
    public string PathTo(string id) => $"/{Collection}/{Uri.EscapeDataString(id)}";
}
