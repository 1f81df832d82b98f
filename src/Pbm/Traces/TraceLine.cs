using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Traces;

/// <summary>The JSON of one line. Members beyond these are ignored, so that traces may carry more than is replayed.</summary>
internal sealed record TraceLine(
    [property: JsonRequired] long At,
    [property: JsonRequired] string User,
    [property: JsonRequired] string Project,
    [property: JsonRequired] string Task,
    [property: JsonRequired] string Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TraceLine))]
internal sealed partial class TraceJson : JsonSerializerContext;
