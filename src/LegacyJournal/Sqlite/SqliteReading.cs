using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>The poll. The two files are read one after the other: every decision is a compare-and-set later, so they need not be of one moment.</summary>
internal sealed class SqliteReading(SqliteDatabase journal, SqliteDatabase cluster)
{
    public const string OwnerColumns = "shard, owner, epoch, acquired_by";

    private const string MembersSql =
        """
        SELECT incarnation, node_name, address, management_address, roles, version, status, renew_counter, joined_at, reason, unreachable
        FROM member ORDER BY joined_at, incarnation
        """;

    public async Task<ClusterReading> ReadAsync(CancellationToken cancellationToken)
    {
        const string what = "The cluster's state cannot be read";
        var (coordinator, members, targets, orders, pins, moves) = await cluster.Readers.ReadAsync(what, connection => (
            SqliteReaders.Query(connection, "SELECT holder, term FROM coordinator",
                row => new CoordinatorTerm(SqliteValues.NullableIncarnation(row, 0), row.GetInt64(1)))[0],
            SqliteReaders.Query(connection, MembersSql, Member).ToImmutableArray(),
            SqliteReaders.Query(connection, "SELECT shard, target, reason, decided_by, term FROM shard_target ORDER BY shard", Target).ToImmutableArray(),
            SqliteReaders.Query(connection, OrderSql.Orders, SqliteOrders.Order).ToImmutableArray(),
            SqliteReaders.Query(connection, OrderSql.Pins, SqliteOrders.Pin).ToImmutableArray(),
            SqliteReaders.Query(connection, OrderSql.Moves, SqliteOrders.Move).ToImmutableArray()),
            cancellationToken);
        var (identity, owners) = await journal.Readers.ReadAsync(what, connection => (
            SqliteReaders.Query(connection, SqliteOpening.IdentitySql, SqliteOpening.Identity)[0],
            SqliteReaders.Query(connection, $"SELECT {OwnerColumns} FROM shard_owner ORDER BY shard", Owner).ToImmutableArray()),
            cancellationToken);
        return new ClusterReading(identity, coordinator, members, owners, targets) { Orders = orders, Pins = pins, Moves = moves };
    }

    private static MemberSnapshot Member(SqliteDataReader row) => new(
        SqliteValues.Incarnation(row, 0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        MemberColumns.Roles(row.GetString(4)),
        row.GetString(5),
        MemberColumns.Status(row.GetString(6)),
        row.GetInt64(7),
        SqliteValues.At(row, 8),
        row.GetString(9))
    {
        Unreachable = MemberColumns.Members(row.GetString(10)),
    };

    public static ShardOwner Owner(SqliteDataReader row) =>
        new(row.GetInt32(0), SqliteValues.NullableIncarnation(row, 1), row.GetInt64(2), row.GetString(3));

    private static ShardTarget Target(SqliteDataReader row) => new(
        row.GetInt32(0), SqliteValues.Incarnation(row, 1), row.GetString(2), SqliteValues.Incarnation(row, 3), row.GetInt64(4));
}
