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
/// <param name="Predictions">Of all its shards together: of those that take longest.</param>
/// <param name="Regions">The same by region: where the node has a region's coordinator another must begin first.</param>
/// <param name="Probes">For each shard of the node an id that belongs to it, whether or not there is such an entity.</param>
internal sealed record DrillAnswer(
    string Node, string NodeUid, string State, double InSeconds, string? Gateway, PredictionsAnswer Predictions,
    IReadOnlyList<DrillRegion> Regions, IReadOnlyList<DrillProbe> Probes);

/// <param name="Shards">Of the node.</param>
/// <param name="Coordinator">Whether the region's coordinator is on the node.</param>
internal sealed record DrillRegion(string Region, int Shards, bool Coordinator, PredictionsAnswer Predictions);

internal sealed record DrillProbe(string Region, int Shard, string Id);
