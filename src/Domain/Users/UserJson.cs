using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;

namespace AkkaScale.Domain.Users;

/// <summary>The JSON of commands, events, state and view of a user.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(UserCommand))]
[JsonSerializable(typeof(UserEvent))]
[JsonSerializable(typeof(UserState))]
[JsonSerializable(typeof(UserView))]
public sealed partial class UserJson : JsonSerializerContext;
