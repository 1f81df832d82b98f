using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Drills;

/// <summary>What a drill is expected to cost, by what the node's cluster predicts.</summary>
internal static class DrillPredictions
{
    /// <summary>A pause that ends before others have taken over costs just itself.</summary>
    /// <param name="pause">In seconds; null: the node is killed.</param>
    public static DrillPrediction Of(PredictionsShape failover, double? pause)
    {
        if (pause is { } bound && bound < failover.ExpectedFailoverSeconds)
        {
            return new DrillPrediction(bound, Math.Min(bound, failover.EarliestFailoverSeconds), failover.FailoverSeconds, [new TermShape("the pause", bound)]);
        }

        var (expected, earliest, terms) = pause is null
            ? failover.Killed
            : (failover.ExpectedFailoverSeconds, failover.EarliestFailoverSeconds, failover.ExpectedFailoverTerms);
        return new DrillPrediction(expected, earliest, failover.FailoverSeconds, terms);
    }

    /// <summary>By region; of a version that does not tell them apart each is expected to cost the same.</summary>
    public static IReadOnlyList<DrillRegionShape> Regions(DrillPlan plan) => plan.Regions ??
    [
        .. plan.Probes.CountBy(probe => probe.Region).Select(region => new DrillRegionShape(region.Key, region.Value, false, plan.Predictions)),
    ];
}
