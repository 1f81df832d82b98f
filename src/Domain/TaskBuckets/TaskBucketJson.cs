using System.Text.Json.Serialization;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>The JSON of commands, events, state and view of a bucket.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TaskBucketCommand))]
[JsonSerializable(typeof(TaskBucketEvent))]
[JsonSerializable(typeof(TaskBucketState))]
[JsonSerializable(typeof(TaskBucketView))]
public sealed partial class TaskBucketJson : JsonSerializerContext;
