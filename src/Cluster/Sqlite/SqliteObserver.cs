using System.Globalization;
using System.Text.Json;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Looks at the members' file, and decides in it. Every decision is a write transaction: there is one at a time.</summary>
internal sealed class SqliteObserver(
    SqliteSession session, SessionLocks locks, MemberProcesses processes, string cluster, TimeProvider time) : IObserverSession
{
    private const string Columns =
        """
        n.incarnation, n.name, n.address, n.uid, n.management_url, n.gateway_url, n.roles, n.version, n.generation, n.state, n.renewals,
        n.reason, n.started_at, n.ended_at
        """;

    private const string Present =
        $"""
        SELECT {Columns}, c.generation, c.founder
        FROM cluster c LEFT JOIN node n ON n.cluster = c.name AND (
            n.state IN ('live', 'down') OR n.incarnation IN (SELECT value FROM json_each($2)))
        WHERE c.name = $1
        ORDER BY n.incarnation
        """;

    private const string Newest =
        $"SELECT {Columns} FROM node n WHERE n.cluster = $1 ORDER BY n.started_at DESC, n.incarnation DESC LIMIT $2";

    private const string Dead =
        """
        UPDATE node SET state = 'dead', reason = $4, ended_at = $5
        WHERE incarnation = $1 AND state = $2 AND renewals = $3 AND state IN ('live', 'down')
        """;

    private const string Away = "UPDATE node SET state = 'down', reason = $2 WHERE incarnation = $1 AND state = 'live'";

    private const string IsGeneration = "SELECT 1 FROM cluster WHERE name = $1 AND generation = $2";

    private const string CountMine =
        """
        SELECT count(*) FROM node
        WHERE cluster = $1 AND generation = $2 AND state = 'live' AND incarnation IN (SELECT value FROM json_each($3))
        """;

    private const string Others =
        """
        UPDATE node SET state = 'down', reason = $4
        WHERE cluster = $1 AND generation = $2 AND state = 'live' AND incarnation NOT IN (SELECT value FROM json_each($3))
        RETURNING incarnation
        """;

    private const string FoundNext =
        """
        UPDATE cluster SET generation = generation + 1, founder = $4
        WHERE name = $1 AND generation = $2 AND founder IS $3
          AND EXISTS (SELECT 1 FROM node n WHERE n.incarnation = $4 AND n.cluster = $1 AND n.state = 'live')
          AND NOT EXISTS (
            SELECT 1 FROM node n
            WHERE n.cluster = $1 AND n.state = 'live' AND (n.generation > 0 OR n.incarnation = cluster.founder))
        """;

    private const string JoinPresent =
        """
        UPDATE node SET generation = $2
        WHERE incarnation = $3 AND cluster = $1 AND state = 'live' AND generation IN (0, $2)
          AND EXISTS (SELECT 1 FROM cluster WHERE name = $1 AND generation = $2)
        """;

    private readonly SqliteOrders _orders = new(session, cluster, time);

    public ClusterReading Read(IReadOnlyCollection<string> also)
    {
        var nodes = new List<NodeRow>();
        long generation;
        string? founder;
        using (var reader = session.Prepare(Present, cluster, JsonSerializer.Serialize(also)).ExecuteReader())
        {
            if (!reader.Read())
            {
                throw new InvalidOperationException($"The row of the cluster {cluster} is missing.");
            }

            (generation, founder) = (reader.GetInt64(14), Text(reader, 15));
            do
            {
                if (!reader.IsDBNull(0))
                {
                    nodes.Add(Node(reader));
                }
            }
            while (reader.Read());
        }

        // After the rows, and the lock is taken before a row is there: one that is seen and not locked has lost its lock.
        return new ClusterReading(generation, founder, nodes.ConvertAll(node => node with { Locked = locks.IsHeld(node.Incarnation), IsDirect = true }));
    }

    public IReadOnlyList<NodeRow> History(int limit)
    {
        var nodes = new List<NodeRow>();
        using var reader = session.Prepare(Newest, cluster, (long)limit).ExecuteReader();
        while (reader.Read())
        {
            nodes.Add(Node(reader));
        }

        return nodes;
    }

    public bool DeclareDead(string incarnation, NodeState state, long renewals, string reason)
    {
        var declared = Change(Dead, incarnation, NodeStates.ToText(state), renewals, reason, Now());
        if (declared)
        {
            // Stopped inside a write transaction it would hold everyone.
            processes.End(session, incarnation);
            locks.Drop(incarnation);
        }

        return declared;
    }

    public bool SendAway(string incarnation, string reason) => Change(Away, incarnation, reason);

    public IReadOnlyList<string>? Prevail(long generation, IReadOnlyCollection<string> mine, string reason)
    {
        // A side without members would send everybody away.
        ArgumentOutOfRangeException.ThrowIfZero(mine.Count);
        var members = mine.Distinct().ToList();
        var json = JsonSerializer.Serialize(members);
        List<string>? away = null;
        session.Transact(() =>
        {
            if (session.Prepare(IsGeneration, cluster, generation).ExecuteScalar() is not null
                && session.Prepare(CountMine, cluster, generation, json).ExecuteScalar() is long count && count == members.Count)
            {
                away = [];
                using var reader = session.Prepare(Others, cluster, generation, json, reason).ExecuteReader();
                while (reader.Read())
                {
                    away.Add(reader.GetString(0));
                }
            }

            return away is not null;
        });
        return away?.Order(StringComparer.Ordinal).ToList();
    }

    public long? Found(long generation, string? founder, string incarnation)
    {
        var founded = false;
        session.Transact(() =>
        {
            founded = session.Prepare(FoundNext, cluster, generation, founder, incarnation).ExecuteNonQuery() == 1;
            return founded && session.Prepare("UPDATE node SET generation = $2 WHERE incarnation = $1", incarnation, generation + 1)
                .ExecuteNonQuery() == 1;
        });
        return founded ? generation + 1 : null;
    }

    public bool Join(long generation, string incarnation) => Change(JoinPresent, cluster, generation, incarnation);

    public void PutOrder(ShardOrder order) => _orders.Write(order);

    public void PutOrder(NodeOrder order) => _orders.Write(order);

    public StandingOrders ReadOrders() => _orders.Read();

    public bool RemoveOrder(ShardOrder order) => _orders.Remove(order);

    public bool RemoveNodeOrder(string node) => _orders.Remove(node);

    public void Dispose() => session.Dispose();

    private bool Change(string sql, params object?[] values)
    {
        var changed = false;
        session.Transact(() => changed = session.Prepare(sql, values).ExecuteNonQuery() == 1);
        return changed;
    }

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static NodeRow Node(SqliteDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), Text(reader, 4), Text(reader, 5),
        JsonSerializer.Deserialize<string[]>(reader.GetString(6))!, reader.GetString(7), reader.GetInt64(8),
        NodeStates.Parse(reader.GetString(9)), reader.GetInt64(10), null, Text(reader, 11), Moment(reader.GetString(12)))
    {
        EndedAt = reader.IsDBNull(13) ? null : Moment(reader.GetString(13)),
    };

    private static DateTime Moment(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
