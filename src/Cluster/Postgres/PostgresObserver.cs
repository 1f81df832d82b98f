using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The connection by which a process looks at the others. Row locks are taken in one order: the cluster's, then nodes' by name.</summary>
/// <remarks>No row of a node that goes on is locked while a commit waits for the disk or a replica: its renewals would wait too.</remarks>
internal sealed class PostgresObserver(PostgresSession session, string cluster) : IObserverSession
{
    private const string Columns =
        """
        n.incarnation, n.name, n.address, n.uid, n.management_url, n.gateway_url, n.roles, n.version, n.generation, n.state, n.renewals,
        n.reason, n.started_at, n.ended_at, n.direct
        """;

    private const string LockCluster = "SELECT 1 FROM cluster WHERE name = $1 FOR NO KEY UPDATE";

    // Locks are read after the snapshot of the rows, and taken before a row is there: a row that is seen and not locked has lost its lock.
    private static readonly Statements Present = new(
        $"""
        WITH held AS MATERIALIZED ({SessionLock.Held}), n AS (
            SELECT * FROM node WHERE cluster = $1 AND state IN ('live', 'down')
            UNION ALL
            SELECT * FROM node WHERE cluster = $1 AND incarnation = ANY($2) AND state NOT IN ('live', 'down')
        )
        SELECT {Columns}, n.lock_key IN (SELECT key FROM held), c.generation, c.founder
        FROM cluster c LEFT JOIN n ON true
        WHERE c.name = $1
        ORDER BY n.incarnation
        """);

    private static readonly Statements Newest = new(
        $"SELECT {Columns}, NULL::boolean FROM node n WHERE n.cluster = $1 ORDER BY n.started_at DESC, n.incarnation DESC LIMIT $2");

    private static readonly Statements Dead = new(
        """
        UPDATE node SET state = 'dead', reason = $4, ended_at = now()
        WHERE incarnation = $1 AND state = $2 AND renewals = $3 AND state IN ('live', 'down')
        """);

    private static readonly Statements Away = new("UPDATE node SET state = 'down', reason = $2 WHERE incarnation = $1 AND state = 'live'");

    private static readonly Statements Claim = Statements.LockingBriefly(
        LockCluster,
        "SELECT 1 FROM node WHERE cluster = $1 AND generation = $2 AND state = 'live' ORDER BY incarnation FOR NO KEY UPDATE",
        """
        WITH claim AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM cluster WHERE name = $1 AND generation = $2) AND cardinality($3) = (
                SELECT count(*) FROM node WHERE incarnation = ANY($3) AND cluster = $1 AND generation = $2 AND state = 'live') AS holds
        ), away AS (
            UPDATE node SET state = 'down', reason = $4 FROM claim
            WHERE claim.holds AND cluster = $1 AND generation = $2 AND state = 'live' AND incarnation <> ALL($3)
            RETURNING incarnation
        )
        SELECT ARRAY(SELECT incarnation FROM away ORDER BY incarnation) FROM claim WHERE holds
        """);

    private static readonly Statements FoundNext = Statements.LockingBriefly(
        LockCluster,
        "SELECT 1 FROM node WHERE incarnation = $4 FOR NO KEY UPDATE",
        """
        WITH founded AS (
            UPDATE cluster SET generation = generation + 1, founder = $4
            WHERE name = $1 AND generation = $2 AND founder IS NOT DISTINCT FROM $3
              AND EXISTS (SELECT FROM node n WHERE n.incarnation = $4 AND n.cluster = $1 AND n.state = 'live')
              AND NOT EXISTS (
                SELECT FROM node n
                WHERE n.cluster = $1 AND n.state = 'live' AND (n.generation > 0 OR n.incarnation = cluster.founder))
            RETURNING generation
        )
        UPDATE node SET generation = founded.generation FROM founded WHERE incarnation = $4 RETURNING founded.generation
        """);

    private static readonly Statements JoinPresent = Statements.LockingBriefly(
        "SELECT 1 FROM cluster WHERE name = $1 FOR SHARE",
        """
        UPDATE node SET generation = $2
        WHERE incarnation = $3 AND cluster = $1 AND state = 'live' AND generation IN (0, $2)
          AND EXISTS (SELECT FROM cluster WHERE name = $1 AND generation = $2)
        RETURNING 1
        """);

    private readonly PostgresOrders _orders = new(session, cluster);

    public ClusterReading Read(IReadOnlyCollection<string> also) => session.Read(Present, Reading, cluster, also.ToArray());

    public IReadOnlyList<NodeRow> History(int limit) => session.Read(
        Newest,
        reader =>
        {
            var nodes = new List<NodeRow>();
            while (reader.Read())
            {
                nodes.Add(Node(reader));
            }

            return nodes;
        },
        cluster, (long)limit);

    public bool DeclareDead(string incarnation, NodeState state, long renewals, string reason) =>
        session.Execute(Dead, incarnation, NodeStates.ToText(state), renewals, reason) == 1;

    public bool SendAway(string incarnation, string reason) => session.Execute(Away, incarnation, reason) == 1;

    public IReadOnlyList<string>? Prevail(long generation, IReadOnlyCollection<string> mine, string reason)
    {
        // A side without members would send everybody away.
        ArgumentOutOfRangeException.ThrowIfZero(mine.Count);
        return (string[]?)session.Scalar(Claim, cluster, generation, mine.Distinct().ToArray(), reason);
    }

    public long? Found(long generation, string? founder, string incarnation) =>
        (long?)session.Scalar(FoundNext, cluster, generation, founder, incarnation);

    public bool Join(long generation, string incarnation) =>
        session.Scalar(JoinPresent, cluster, generation, incarnation) is not null;

    public void PutOrder(ShardOrder order) => _orders.Write(order);

    public void PutOrder(NodeOrder order) => _orders.Write(order);

    public StandingOrders ReadOrders() => _orders.Read();

    public bool RemoveOrder(ShardOrder order) => _orders.Remove(order);

    public bool RemoveNodeOrder(string node) => _orders.Remove(node);

    public void Dispose() => session.Dispose();

    private ClusterReading Reading(NpgsqlDataReader reader)
    {
        if (!reader.Read())
        {
            throw new InvalidOperationException($"The row of the cluster {cluster} is missing.");
        }

        var nodes = new List<NodeRow>();
        var (generation, founder) = (reader.GetInt64(16), Text(reader, 17));
        do
        {
            if (!reader.IsDBNull(0))
            {
                nodes.Add(Node(reader));
            }
        }
        while (reader.Read());

        return new ClusterReading(generation, founder, nodes);
    }

    private static NodeRow Node(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), Text(reader, 4), Text(reader, 5),
        reader.GetFieldValue<string[]>(6), reader.GetString(7), reader.GetInt64(8), NodeStates.Parse(reader.GetString(9)),
        reader.GetInt64(10), reader.IsDBNull(15) ? null : reader.GetBoolean(15), Text(reader, 11), reader.GetDateTime(12))
    {
        EndedAt = reader.IsDBNull(13) ? null : reader.GetDateTime(13),
        IsDirect = reader.GetBoolean(14),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
