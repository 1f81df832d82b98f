using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Projects;

/// <summary>The JSON of commands, events, state and view of a project.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ProjectCommand))]
[JsonSerializable(typeof(ProjectEvent))]
[JsonSerializable(typeof(ProjectState))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(Member[]))]
public sealed partial class ProjectJson : JsonSerializerContext;
