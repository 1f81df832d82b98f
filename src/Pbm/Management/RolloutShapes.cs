using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <summary>Answer of `/cluster/rollout`, and what `pbm cluster rollout --json` prints.</summary>
/// <param name="Waits">What should be over before it begins.</param>
public sealed record Rollout(IReadOnlyList<RolloutStepShape> Steps, IReadOnlyList<string> Waits, int HandOvers);

/// <param name="WaitSeconds">Null: no hand-over was measured yet.</param>
public sealed record RolloutStepShape(
    string Name, string NodeUid, string Version, int Shards, bool IsCoordinator, string Why, double? WaitSeconds, double? LongestWaitSeconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Rollout))]
internal sealed partial class RolloutJson : JsonSerializerContext;
