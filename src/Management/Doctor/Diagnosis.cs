using System.Collections.Immutable;

namespace AkkaScale.Management.Doctor;

/// <summary>What the doctor says: findings, the gravest first, and what a fault would cost.</summary>
internal sealed record Diagnosis(DateTimeOffset At, Severity Worst, Predictions Predictions, ImmutableArray<Finding> Findings)
{
    /// <summary>Runs every rule over the facts.</summary>
    public static Diagnosis Make(DoctorFacts facts)
    {
        var predictions = Predicting.Predict(facts.Liveness, facts.Latency, facts.Nodes.Count - 1);
        var findings = SettingsRules.Judge(facts, predictions)
            .Concat(StoreRules.Judge(facts))
            .Concat(MemberRules.Judge(facts))
            .Concat(ShardRules.Judge(facts))
            .Concat(StuckEntityRules.Judge(facts))
            .Concat(NodeOrderRules.Judge(facts))
            .Concat(NodeRules.Judge(facts))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .ToImmutableArray();
        return new Diagnosis(facts.At, findings.Length == 0 ? Severity.Ok : findings[0].Severity, predictions, findings);
    }
}
