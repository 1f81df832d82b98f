using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Tasks;

/// <summary>The JSON of commands, events, state and view of a task.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(TaskCommand))]
[JsonSerializable(typeof(TaskEvent))]
[JsonSerializable(typeof(TaskState))]
[JsonSerializable(typeof(TaskView))]
public sealed partial class TaskJson : JsonSerializerContext;
