using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Hosting.Steering;

// What nodes say to one another on behalf of an operator. Members may be added, never renamed: versions run side by side.

internal sealed record EntityQuestion(string Kind, string Id);

/// <param name="State">Null: not in memory, or nothing durable at the moment.</param>
internal sealed record EntityLookAnswer(bool IsResident, long Version, JsonElement? State);

/// <param name="Outcome">passivated, not-resident or busy.</param>
internal sealed record PassivateAnswer(string Outcome)
{
    public const string Passivated = "passivated";
    public const string NotResident = "not-resident";
    public const string Busy = "busy";
}

internal sealed record PausesAnswer(IReadOnlyList<PauseShape> Pauses);

internal sealed record PauseShape(int Residents, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EntityQuestion))]
[JsonSerializable(typeof(EntityLookAnswer))]
[JsonSerializable(typeof(PassivateAnswer))]
[JsonSerializable(typeof(PausesAnswer))]
internal sealed partial class SteeringJson : JsonSerializerContext;
