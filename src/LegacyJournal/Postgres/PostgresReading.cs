using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>The poll: everything cluster-wide as of one snapshot, in one round trip.</summary>
internal sealed class PostgresReading(PostgresConnections connections)
{
    public const string IdentitySql =
        "SELECT cluster_name, shard_count, (SELECT coalesce(max(version), 0) FROM schema_migration), database_identity, generation FROM cluster";

    public const string OwnerColumns = "shard, owner, epoch, acquired_by";

    private const string MembersSql =
        """
        SELECT incarnation, node_name, address, management_address, roles, version, status, renew_counter, joined_at, reason, unreachable
        FROM member ORDER BY joined_at, incarnation
        """;

    public async Task<ClusterReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                    new(IdentitySql),
                    new("SELECT holder, term FROM coordinator"),
                    new(MembersSql),
                    new($"SELECT {OwnerColumns} FROM shard_owner ORDER BY shard"),
                    new("SELECT shard, target, reason, decided_by, term FROM shard_target ORDER BY shard"),
                    new(OrderSql.Orders),
                    new(OrderSql.Pins),
                    new(OrderSql.Moves),
                    new("COMMIT"),
                },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var identity = Identity(reader);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var coordinator = new CoordinatorTerm(NullableIncarnation(reader, 0), reader.GetInt64(1));
            var members = await AllAsync(reader, Member, cancellationToken);
            var owners = await AllAsync(reader, Owner, cancellationToken);
            var targets = await AllAsync(reader, Target, cancellationToken);
            var orders = await AllAsync(reader, PostgresOrders.Order, cancellationToken);
            var pins = await AllAsync(reader, PostgresOrders.Pin, cancellationToken);
            var moves = await AllAsync(reader, PostgresOrders.Move, cancellationToken);
            return new ClusterReading(identity, coordinator, members, owners, targets) { Orders = orders, Pins = pins, Moves = moves };
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The cluster's state cannot be read", error);
        }
    }

    public static ClusterIdentity Identity(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4));

    private static async Task<ImmutableArray<T>> AllAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows.ToImmutable();
    }

    private static MemberSnapshot Member(NpgsqlDataReader row) => new(
        new Incarnation(row.GetGuid(0)),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        MemberColumns.Roles(row.GetString(4)),
        row.GetString(5),
        MemberColumns.Status(row.GetString(6)),
        row.GetInt64(7),
        row.GetFieldValue<DateTimeOffset>(8),
        row.GetString(9))
    {
        Unreachable = MemberColumns.Members(row.GetString(10)),
    };

    public static ShardOwner Owner(NpgsqlDataReader row) =>
        new(row.GetInt32(0), NullableIncarnation(row, 1), row.GetInt64(2), row.GetString(3));

    private static ShardTarget Target(NpgsqlDataReader row) =>
        new(row.GetInt32(0), new Incarnation(row.GetGuid(1)), row.GetString(2), new Incarnation(row.GetGuid(3)), row.GetInt64(4));

    private static Incarnation? NullableIncarnation(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new Incarnation(row.GetGuid(column));
}
