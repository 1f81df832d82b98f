using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Does the store answer in time, whichever it is?</summary>
internal static class StoreRules
{
    public static IEnumerable<Finding> Judge(DoctorFacts facts)
    {
        foreach (var finding in Latency(facts.Options.Cluster, facts.Latency))
        {
            yield return finding;
        }

        if (facts.Store is null)
        {
            yield return new Finding(
                "store/no-answer", Severity.Critical, "The store does not say how it is set up",
                "Its settings and files could not be read.", "Nothing is known of its durability; it may be about to fail.",
                "Look at this node's log and at the store itself.");
        }

        foreach (var finding in PostgresRules.Judge(facts).Concat(SqliteRules.Judge(facts)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Latency(ClusterOptions lease, StoreLatency latency)
    {
        var seen = $"Small reads took {SettingsRules.Seconds(latency.Median)} in the middle and {SettingsRules.Seconds(latency.Longest)} at the longest; a lease is renewed every {SettingsRules.Seconds(lease.RenewInterval)}.";
        if (latency.Median > lease.RenewInterval)
        {
            yield return new Finding(
                "store/slow", Severity.Critical, "The store is too slow for the leases", seen,
                "Renewals come too late: nodes lose their leases and their shards, one after the other.",
                "Find what the store waits for (disk, locks, network); until then raise Cluster:LeaseTtl on every node.");
        }
        else if (latency.Longest > lease.PollInterval / 2)
        {
            yield return new Finding(
                "store/slow", Severity.Warning, "The store hesitates", seen,
                "Polls, takeovers and appends take longer than foreseen; a little more and nodes lose their leases.",
                "Find what the store waits for: its disk, its network, other users of it.");
        }
    }
}
