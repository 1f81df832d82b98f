using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <summary>Answer of `/nodes/{name}/drill`.</summary>
/// <param name="Gateway">Of the node; null: it has none.</param>
/// <param name="Regions">Null: the node's version does not tell.</param>
public sealed record DrillPlan(
    string Node, string NodeUid, string State, double InSeconds, string? Gateway, PredictionsShape Predictions, IReadOnlyList<DrillProbeShape> Probes,
    IReadOnlyList<DrillRegionShape>? Regions = null);

public sealed record DrillRegionShape(string Region, int Shards, bool Coordinator, PredictionsShape Predictions);

public sealed record DrillProbeShape(string Region, int Shard, string Id);

/// <summary>What a drill needs of `/nodes`.</summary>
internal sealed record ReportedNodes(IReadOnlyList<ReportedNode> Nodes);

/// <param name="Report">Null: the node did not answer.</param>
internal sealed record ReportedNode(string Name, string NodeUid, ReportedParts? Report);

/// <param name="Settings">By name, such as `Node:GatewayBind`; null: the node's version does not tell.</param>
internal sealed record ReportedParts(IReadOnlyList<string> Roles, IReadOnlyDictionary<string, string>? Settings);

internal sealed record DrillBody(string Kind, double? Seconds, string Reason, string By);

/// <summary>What `pbm drill --json` prints. Times in seconds from the node's end.</summary>
/// <param name="Agrees">Of every region half of the shards had answered within half a second of what was expected.</param>
/// <param name="Kept">Every shard answered within what the settings promise.</param>
public sealed record DrillReport(
    string Node, string Kind, double? PauseSeconds, int Shards, IReadOnlyList<string> Gateways, DrillPrediction Predicted, DrillMeasure Measured,
    IReadOnlyList<DrillRegionReport> Regions, bool Agrees, bool Kept);

/// <param name="Coordinator">Whether its coordinator was on the node.</param>
/// <param name="P50Seconds">When half of its shards had answered again; null: none did.</param>
/// <param name="MaxSeconds">The last one; null: some never did.</param>
public sealed record DrillRegionReport(string Region, int Shards, bool Coordinator, double ExpectedSeconds, double? P50Seconds, double? MaxSeconds);

public sealed record DrillPrediction(double ExpectedSeconds, double EarliestSeconds, double WorstSeconds, IReadOnlyList<TermShape> Terms);

/// <param name="FirstAnswerSeconds">The first shard that answered again.</param>
/// <param name="MaxSeconds">The last one; null: some never did.</param>
/// <param name="LongestGapSeconds">The longest time in which none of the shards answered.</param>
/// <param name="Unanswered">Shards, as region/number, that did not answer again in the time given.</param>
public sealed record DrillMeasure(
    double? FirstAnswerSeconds, double? P50Seconds, double? MaxSeconds, double LongestGapSeconds, long Answers, long FailedAttempts, IReadOnlyList<string> Unanswered);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DrillPlan))]
[JsonSerializable(typeof(DrillBody))]
[JsonSerializable(typeof(ReportedNodes))]
[JsonSerializable(typeof(DrillReport))]
internal sealed partial class DrillJson : JsonSerializerContext;
