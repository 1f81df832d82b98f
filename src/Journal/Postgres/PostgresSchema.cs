using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Postgres;
using AkkaScale.Journal.Schema;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>
/// What happens before anything else: a server that would make promises void is refused, and the schema brought up to date.
/// </summary>
internal sealed class PostgresSchema(NpgsqlDataSource source)
{
    public async Task OpenAsync(bool migrate, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);

        // Once at start, and shared with the cluster's threads: from here on it blocks.
        ServerCheck.Run(connection, JournalSchema.Refuse);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        PostgresMigrations.TakeTurn(connection);
        JournalLayout.Check(await ColumnsAsync(connection, cancellationToken));
        PostgresMigrations.Apply(connection, JournalSchema.Journal(StoreKind.Postgres), migrate);
        PostgresMigrations.Apply(connection, JournalSchema.Leases(StoreKind.Postgres), migrate);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<List<string>> ColumnsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('journal') AND attnum > 0 AND NOT attisdropped",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }
}
