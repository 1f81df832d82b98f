using System.Globalization;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Migrates both files, records or compares the cluster's row.</summary>
internal static class SqliteOpening
{
    public const string IdentitySql =
        "SELECT cluster_name, shard_count, (SELECT user_version FROM pragma_user_version), database_identity, generation FROM cluster";

    public static async Task<ClusterIdentity> OpenAsync(
        SqliteDatabase journal, SqliteDatabase cluster, string directory, string clusterName, int shardCount)
    {
        ClusterRow.CheckRequest(clusterName, shardCount);
        try
        {
            var identity = await journal.RunAsync(session =>
            {
                StoreDirectory.CheckHost(directory, HostIdentity.Current());
                Migrate(session, "SqliteJournal");
                return session.Write(_ => Record(session, clusterName, shardCount));
            });
            ClusterRow.CheckRecorded(identity, clusterName, shardCount);
            await cluster.RunAsync(session => Migrate(session, "SqliteCluster"));
            return identity;
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error))
        {
            throw SqliteErrors.Unavailable($"The embedded store in {directory} cannot be opened", error);
        }
    }

    public static ClusterIdentity Identity(SqliteDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4));

    private static bool Migrate(SqliteSession session, string schema)
    {
        SqliteFiles.Execute(session.Connection, "BEGIN EXCLUSIVE");
        try
        {
            var present = (long)session.Statement("PRAGMA user_version").Scalar()!;
            foreach (var migration in Migration.Pending(Migration.Of(schema), (int)present))
            {
                SqliteFiles.Execute(session.Connection, migration.Sql);
                SqliteFiles.Execute(session.Connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}"));
            }

            SqliteFiles.Execute(session.Connection, "COMMIT");
            return true;
        }
        catch
        {
            session.RollBack();
            throw;
        }
    }

    private static ClusterIdentity Record(SqliteSession session, string clusterName, int shardCount)
    {
        var made = session.Statement(
            """
            INSERT INTO cluster (singleton, cluster_name, shard_count, database_identity, generation)
            VALUES (1, $1, $2, lower(hex(randomblob(16))), 0) ON CONFLICT DO NOTHING
            """, 2).Execute(clusterName, shardCount);
        if (made == 1)
        {
            var insert = session.Statement("INSERT INTO shard_owner (shard, owner, epoch, acquired_by) VALUES ($1, NULL, 0, '')", 1);
            for (var shard = 0; shard < shardCount; shard++)
            {
                insert.Execute(shard);
            }
        }

        using var row = session.Statement(IdentitySql).Read();
        row.Read();
        return Identity(row);
    }
}
