using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Schema;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>What a start does first: checks the server, brings the schema up to date, and agrees with the cluster's row.</summary>
internal static class PostgresTerms
{
    public static void Open(NpgsqlConnection connection, ClusterTerms terms, bool migrate)
    {
        ServerCheck.Run(connection, ClusterSchema.Refuse);
        using var transaction = connection.BeginTransaction();
        PostgresMigrations.TakeTurn(connection);
        var members = ClusterSchema.Members(StoreKind.Postgres);
        if (PostgresMigrations.Present(connection, members) == 0 && PostgresMigrations.Exists(connection, "cluster"))
        {
            throw new ClusterRefusedException(
                "This database has a table cluster that this program did not make: name another, empty database.");
        }

        PostgresMigrations.Apply(connection, members, migrate);
        PostgresMigrations.Apply(connection, ClusterSchema.Leases(StoreKind.Postgres), migrate);
        Agree(connection, ClusterRow.Of(terms, members.All.Count, Identity(connection)));
        transaction.Commit();
    }

    private static void Agree(NpgsqlConnection connection, ClusterRow starting)
    {
        var present = Read(connection);
        var agreed = present is null ? starting : present.Accept(starting);
        using var command = new NpgsqlCommand(
            """
            INSERT INTO cluster (name, schema, shard_counts, ca_fingerprint, database_identity) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO UPDATE SET
                schema = excluded.schema, shard_counts = excluded.shard_counts, database_identity = excluded.database_identity
            """, connection)
        {
            Parameters =
            {
                new() { Value = agreed.Name },
                new() { Value = agreed.Schema },
                new() { Value = agreed.CountsJson() },
                new() { Value = (object?)agreed.CaFingerprint ?? DBNull.Value },
                new() { Value = (object?)agreed.DatabaseIdentity ?? DBNull.Value },
            },
        };
        command.ExecuteNonQuery();
    }

    private static ClusterRow? Read(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            "SELECT name, schema, shard_counts, ca_fingerprint, database_identity FROM cluster", connection);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new ClusterRow(
                reader.GetString(0), reader.GetInt32(1), ClusterRow.ParseCounts(reader.GetString(2)),
                reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4))
            : null;
    }

    /// <summary>The server's identifier, given to its data directory when that was made; null where this user may not read it.</summary>
    private static string? Identity(NpgsqlConnection connection)
    {
        using var may = new NpgsqlCommand("SELECT has_function_privilege('pg_control_system()', 'execute')", connection);
        if (may.ExecuteScalar() is not true)
        {
            return null;
        }

        using var command = new NpgsqlCommand("SELECT system_identifier::text FROM pg_control_system()", connection);
        return (string?)command.ExecuteScalar();
    }
}
