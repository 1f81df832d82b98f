using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Doctor;

/// <summary>What the doctor says: findings, the gravest first, and what a fault would cost.</summary>
internal sealed record Diagnosis(DateTimeOffset At, Severity Worst, Predictions Predictions, ImmutableArray<Finding> Findings)
{
    /// <summary>Runs every rule over the facts.</summary>
    public static Diagnosis Make(DoctorFacts facts)
    {
        var predictions = Predict(facts);
        var findings = SettingsRules.Judge(facts, predictions)
            .Concat(StoreRules.Judge(facts))
            .Concat(MemberRules.Judge(facts))
            .Concat(ShardRules.Judge(facts))
            .Concat(NodeRules.Judge(facts))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .ToImmutableArray();
        return new Diagnosis(facts.At, findings.Length == 0 ? Severity.Ok : findings[0].Severity, predictions, findings);
    }

    /// <summary>For the loss of the node that has the most shards.</summary>
    private static Predictions Predict(DoctorFacts facts)
    {
        var hosts = facts.Nodes.Count(node => node.HostsShards && node.Status == MemberStatus.Up);
        var most = facts.Reading.Owners.Where(owner => owner.Owner is not null).CountBy(owner => owner.Owner!.Value).Select(count => count.Value).DefaultIfEmpty().Max();
        return Predicting.Predict(
            facts.Options.Cluster, facts.Options.Sharding, facts.Latency, facts.Nodes.Count - 1, most / Math.Max(1, hosts - 1));
    }
}
