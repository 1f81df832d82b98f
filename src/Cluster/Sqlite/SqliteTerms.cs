using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Schema;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>What a start does first: brings both files' schemas up to date, and agrees with the cluster's row.</summary>
/// <remarks>A file has no identity of its own to compare: it may be moved, and a copy is in another place.</remarks>
internal static class SqliteTerms
{
    private const string Write =
        """
        INSERT INTO cluster (name, schema, shard_counts, ca_fingerprint) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET schema = excluded.schema, shard_counts = excluded.shard_counts
        """;

    public static void Open(SqliteFiles files, ClusterTerms terms, bool migrate)
    {
        using (var members = files.OpenMembers())
        {
            members.Transact(() =>
            {
                var migrations = ClusterSchema.Members(StoreKind.Sqlite);
                SqliteMigrations.Apply(members, migrations, migrate);
                var starting = ClusterRow.Of(terms, migrations.All.Count, identity: null);
                var agreed = Read(members)?.Accept(starting) ?? starting;
                members.Prepare(Write, agreed.Name, agreed.Schema, agreed.CountsJson(), agreed.CaFingerprint).ExecuteNonQuery();
                return true;
            });
        }

        using var leases = files.OpenLeases();
        leases.Transact(() => SqliteMigrations.Apply(leases, ClusterSchema.Leases(StoreKind.Sqlite), migrate));
    }

    private static ClusterRow? Read(SqliteSession members)
    {
        using var reader = members.Prepare("SELECT name, schema, shard_counts, ca_fingerprint FROM cluster").ExecuteReader();
        return reader.Read()
            ? new ClusterRow(
                reader.GetString(0), reader.GetInt32(1), ClusterRow.ParseCounts(reader.GetString(2)),
                reader.IsDBNull(3) ? null : reader.GetString(3), DatabaseIdentity: null)
            : null;
    }
}
