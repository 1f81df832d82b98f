using System.Text.Json.Serialization;

namespace AkkaScale.Hosting.Drills;

/// <summary>What a node is asked about a drill. Body of the question between nodes.</summary>
/// <param name="IsReal">False: only whether it would.</param>
/// <param name="Seconds">Of a pause.</param>
internal sealed record DrillOrder(DrillKind Kind, double Seconds, bool IsReal, string Reason, string By);

/// <param name="Gateway">Address of its HTTP edge; null: it has none. Whoever watches goes through another one.</param>
/// <param name="InSeconds">When it ends or pauses, from now.</param>
internal sealed record DrillReadiness(int ProcessId, string? Gateway, double InSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DrillOrder))]
[JsonSerializable(typeof(DrillReadiness))]
internal sealed partial class DrillJson : JsonSerializerContext;
