using AkkaScale.Cluster.Schema;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Brings schemas up to date inside the caller's transaction.</summary>
internal static class PostgresMigrations
{
    // Any constant will do; this one spells "AkkaScal" in ASCII.
    private const long Lock = 0x416B6B615363616C;

    /// <summary>
    /// Of two starters one waits, until the other's transaction has ended. One lock for all schemas: CREATE TABLE IF NOT EXISTS fails when
    /// two run it at one moment.
    /// </summary>
    public static void TakeTurn(NpgsqlConnection connection) => Execute(connection, $"SELECT pg_advisory_xact_lock({Lock})");

    public static void Apply(NpgsqlConnection connection, MigrationSet migrations, bool mayApply)
    {
        foreach (var migration in migrations.Pending(Present(connection, migrations), mayApply))
        {
            Execute(connection, migrations.CreateTable);
            Execute(connection, migration.Sql);
            using var record = new NpgsqlCommand($"INSERT INTO {migrations.Table} (number, name) VALUES ($1, $2)", connection)
            {
                Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name } },
            };
            record.ExecuteNonQuery();
        }
    }

    /// <summary>The number that the schema has; 0 before the first.</summary>
    public static int Present(NpgsqlConnection connection, MigrationSet migrations)
    {
        if (!Exists(connection, migrations.Table))
        {
            return 0;
        }

        using var present = new NpgsqlCommand($"SELECT coalesce(max(number), 0) FROM {migrations.Table}", connection);
        return (int)present.ExecuteScalar()!;
    }

    public static bool Exists(NpgsqlConnection connection, string table)
    {
        using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection)
        {
            Parameters = { new() { Value = table } },
        };
        return exists.ExecuteScalar() is true;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
