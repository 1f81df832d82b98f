using System.Text.Json;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Storage;

/// <summary>What the row of the table <c>cluster</c> fixes for all members.</summary>
/// <param name="Schema">Number of the schema of the program that last changed it.</param>
/// <param name="DatabaseIdentity">Of the server that it was written on; null where that cannot be read.</param>
internal sealed record ClusterRow(
    string Name, int Schema, IReadOnlyDictionary<string, int> ShardCounts, string? CaFingerprint, string? DatabaseIdentity)
{
    public static ClusterRow Of(ClusterTerms terms, int schema, string? identity) =>
        new(terms.Cluster, schema, terms.ShardCounts, terms.CaFingerprint, identity);

    public static IReadOnlyDictionary<string, int> ParseCounts(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, int>>(json) ?? [];

    public string CountsJson() => JsonSerializer.Serialize(new SortedDictionary<string, int>(
        ShardCounts.ToDictionary(each => each.Key, each => each.Value), StringComparer.Ordinal));

    /// <summary>
    /// The row with what a starting process adds to it: regions that nobody knew before, a newer schema, an identity that could not be read
    /// before. Everything else must be equal.
    /// </summary>
    /// <exception cref="ClusterRefusedException">It is not; the message says what to change.</exception>
    public ClusterRow Accept(ClusterRow starting)
    {
        CheckName(starting);
        CheckSchema(starting);
        CheckCounts(starting);
        CheckAuthority(starting);
        CheckIdentity(starting);
        var counts = new Dictionary<string, int>(ShardCounts);
        foreach (var (region, count) in starting.ShardCounts)
        {
            counts[region] = count;
        }

        return this with
        {
            Schema = starting.Schema,
            ShardCounts = counts,
            DatabaseIdentity = DatabaseIdentity ?? starting.DatabaseIdentity,
        };
    }

    private void CheckName(ClusterRow starting)
    {
        if (Name != starting.Name)
        {
            throw new ClusterRefusedException(
                $"This database serves the cluster {Name}, and one database serves one cluster: this process names its cluster "
                + $"{starting.Name}. Name it {Name}, or give it another database.");
        }
    }

    private void CheckSchema(ClusterRow starting)
    {
        if (Schema > starting.Schema)
        {
            throw new ClusterRefusedException(
                $"The cluster {Name} runs on schema {Schema}, this program knows {starting.Schema}: start a newer version of the program.");
        }
    }

    private void CheckCounts(ClusterRow starting)
    {
        foreach (var (region, count) in starting.ShardCounts)
        {
            if (ShardCounts.TryGetValue(region, out var known) && known != count)
            {
                throw new ClusterRefusedException(
                    $"The region {region} of the cluster {Name} has {known} shards, fixed by its first start; this process says {count}. "
                    + $"Set its number of shards to {known}.");
            }
        }
    }

    private void CheckAuthority(ClusterRow starting)
    {
        if (CaFingerprint != starting.CaFingerprint)
        {
            throw new ClusterRefusedException(
                $"The members of the cluster {Name} trust {Describe(CaFingerprint)}, this process {Describe(starting.CaFingerprint)}. Give it "
                + "the cluster's; to change it for all, stop all members, then UPDATE cluster SET ca_fingerprint to the new one.");
        }
    }

    /// <remarks>
    /// A physical copy (a base backup, a promoted replica) keeps the identity and is taken: it is how a database comes back. A dump that was
    /// restored on another server is not, unless somebody says so: its rows name the members of the original as live, at addresses where
    /// they may be, and a process that starts on the copy could join them while another database decides for it.
    /// </remarks>
    private void CheckIdentity(ClusterRow starting)
    {
        if (DatabaseIdentity is not null && starting.DatabaseIdentity is not null && DatabaseIdentity != starting.DatabaseIdentity)
        {
            throw new ClusterRefusedException(
                $"This database is a copy: the cluster {Name} was founded on the server {DatabaseIdentity}, this one is "
                + $"{starting.DatabaseIdentity}. If the original is out of use for good (restored from a dump, pg_upgrade), stop all members "
                + "and run: UPDATE node SET state = 'dead', reason = 'restored elsewhere' WHERE state IN ('live', 'down'); "
                + "UPDATE cluster SET database_identity = NULL.");
        }
    }

    private static string Describe(string? fingerprint) =>
        fingerprint is null ? "no certificate authority" : $"the certificate authority {fingerprint}";
}
