using System.Globalization;
using System.Text.Json;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Renews in the members' file. The lock is the process's and outlives a session.</summary>
internal sealed class SqliteLiveness(
    SqliteSession session, SessionLocks locks, NodeRegistration node, TimeProvider time) : ILivenessSession
{
    private const string Insert =
        """
        INSERT INTO node (
            incarnation, cluster, name, address, uid, management_url, gateway_url, roles, version, host, process_id, process_start, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (incarnation) DO UPDATE SET renewals = node.renewals + 1
        WHERE node.state = 'live' AND node.uid = excluded.uid AND node.process_id = excluded.process_id
            AND node.process_start = excluded.process_start
        """;

    private const string Count = "UPDATE node SET renewals = renewals + 1 WHERE incarnation = $1 AND state = 'live'";

    private const string State = "SELECT state FROM node WHERE incarnation = $1";

    private const string Left =
        "UPDATE node SET state = 'left', reason = $2, ended_at = $3 WHERE incarnation = $1 AND state IN ('live', 'down')";

    public void Register(string cluster)
    {
        if (!locks.TryHold(node.Incarnation))
        {
            throw new IOException($"The session lock of {node.Incarnation} is held by another process.");
        }

        var written = 0;
        session.Transact(() => (written = session.Prepare(
            Insert, node.Incarnation, cluster, node.Name, node.Address, node.Uid, node.ManagementUrl, node.GatewayUrl,
            JsonSerializer.Serialize(node.Roles), node.Version, HostProcess.Host, node.ProcessId, node.ProcessStart, Now())
            .ExecuteNonQuery()) == 1);
        if (written == 0)
        {
            throw new InvalidOperationException($"The incarnation {node.Incarnation} has had a row before; each is registered once.");
        }
    }

    public NodeState Renew()
    {
        var renewed = false;
        session.Transact(() => renewed = session.Prepare(Count, node.Incarnation).ExecuteNonQuery() == 1);
        if (!renewed)
        {
            return session.Prepare(State, node.Incarnation).ExecuteScalar() is string state ? NodeStates.Parse(state) : NodeState.Dead;
        }

        locks.TryHold(node.Incarnation);
        return NodeState.Live;
    }

    public void Leave(string reason)
    {
        session.Transact(() => session.Prepare(Left, node.Incarnation, reason, Now()).ExecuteNonQuery() == 1);

        // After the row: one that is live and not locked would look like one of an ended process.
        locks.Drop(node.Incarnation);
    }

    public void Dispose() => session.Dispose();

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
