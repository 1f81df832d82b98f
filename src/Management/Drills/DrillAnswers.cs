using AkkaScale.Management.Answers;
using AkkaScale.Management.Doctor;

namespace AkkaScale.Management.Drills;

/// <summary>Body of `POST /nodes/{name}/drill`.</summary>
/// <param name="Kind">kill or pause.</param>
/// <param name="Seconds">Of a pause, 0.5 to 300; 10 if left out.</param>
internal sealed record DrillRequest(string? Kind = null, double? Seconds = null, string? Reason = null, string? By = null) : IOrderRequest;

/// <summary>What a drill would do, or has begun to do.</summary>
/// <param name="State">"possible" or "ordered".</param>
/// <param name="InSeconds">When the node ends or pauses, from the answer on.</param>
/// <param name="Gateway">Of the node; whoever watches goes through another one.</param>
/// <param name="Probes">For each shard of the node an id that belongs to it, whether or not there is such an entity.</param>
internal sealed record DrillAnswer(
    string Node, string NodeUid, string State, double InSeconds, string? Gateway, PredictionsAnswer Predictions, IReadOnlyList<DrillProbe> Probes);

internal sealed record DrillProbe(string Region, int Shard, string Id);
