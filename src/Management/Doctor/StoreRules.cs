using AkkaScale.Cluster.Options;

namespace AkkaScale.Management.Doctor;

/// <summary>Does the store answer in time, whichever it is, and is everything in it fenced?</summary>
internal static class StoreRules
{
    public static IEnumerable<Finding> Judge(DoctorFacts facts) =>
        Latency(facts.Liveness, facts.Latency).Concat(Silence(facts)).Concat(Fence(facts))
            .Concat(PostgresRules.Judge(facts)).Concat(SqliteRules.Judge(facts));

    private static IEnumerable<Finding> Silence(DoctorFacts facts)
    {
        if (facts.Store is null)
        {
            yield return new Finding(
                "store/no-answer", Severity.Critical, "The store does not say how it is set up",
                "Its settings and files could not be read.", "Nothing is known of its durability; it may be about to fail.",
                "Look at this node's log and at the store itself.");
        }
    }

    private static IEnumerable<Finding> Fence(DoctorFacts facts)
    {
        if (!facts.HasFencedJournal)
        {
            yield return new Finding(
                "journal/stock", Severity.Notice, "The journal has no fence", "The default journal is not AkkaScale.Journal.",
                "A process that the cluster has given up may still write, if it hangs in a write and goes on later.",
                "Take WithFencedSqlJournal in its place: see docs/adopt.md.");
        }
        else if (facts.UnmappedRegions.Count > 0)
        {
            var names = string.Join(", ", facts.UnmappedRegions);
            yield return new Finding(
                "journal/region-unfenced", Severity.Warning, "What a region writes has no fence",
                $"Nobody says which persistence ids are of {names}.",
                "Its shards run under leases, but a process that the cluster has given up may still write, if it hangs in a write and goes on later.",
                $"Say it in one line on every node: WithLeasedRegion(\"{facts.UnmappedRegions[0]}\", …); see docs/adopt.md.");
        }

        if (facts.Unfenced is { Count: > 0 } rows)
        {
            yield return new Finding(
                "journal/unfenced", Severity.Notice, "Rows of the journal have no fence",
                $"{rows.Count:N0} of the latest {rows.Seen:N0} rows {(rows.Count == 1 ? "was" : "were")} written under no lease.",
                "They are valid, but a process that the cluster has given up could have written them: actors outside the regions, another journal plug-in, "
                + "or another program did.",
                "If they should be fenced: run those actors in a region that registers its lease.");
        }
    }

    private static IEnumerable<Finding> Latency(ClusterDatabaseOptions liveness, StoreLatency latency)
    {
        var seen = $"Readings took {SettingsRules.Seconds(latency.Median)} in the middle and {SettingsRules.Seconds(latency.Longest)} at the longest; "
            + $"a node renews every {SettingsRules.Seconds(liveness.RenewInterval)}.";
        if (latency.Median > liveness.RenewInterval)
        {
            yield return new Finding(
                "store/slow", Severity.Critical, "The store is too slow for the time to live", seen,
                "Renewals come too late: nodes stop answering and are declared dead, one after the other.",
                "Find what the store waits for (disk, locks, network); until then raise Cluster:TimeToLive on every node.");
        }
        else if (latency.Longest > liveness.RenewInterval / 2)
        {
            yield return new Finding(
                "store/slow", Severity.Warning, "The store hesitates", seen,
                "Renewals, takeovers and appends take longer than foreseen; a little more and nodes stop answering.",
                "Find what the store waits for: its disk, its network, other users of it.");
        }
    }
}
