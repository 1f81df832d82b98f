using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The connection by which an incarnation renews, and whose session holds its lock.</summary>
internal sealed class PostgresLiveness : ILivenessSession
{
    /// <summary>
    /// Of the session. A renewal that a crash of the server forgets is no loss, since whoever counts the silence has lost its session too;
    /// one that waits for a slow disk or a replica would end a healthy process.
    /// </summary>
    private const string Settings = "SET synchronous_commit = off;";

    /// <summary>How long a former server process may take to end before this session goes on without its lock.</summary>
    private const int EndPatienceMilliseconds = 200;

    private static readonly Statements TryLock = new("SELECT pg_try_advisory_lock($1)");

    // A repeated registration whose answer was lost finds its row; uid and process tell it from another's.
    private static readonly Statements Insert = new(
        """
        INSERT INTO node (
            incarnation, cluster, name, address, uid, management_url, gateway_url, roles, version, process_id, process_start, lock_key,
            backend_pid, backend_start, direct)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, pid, backend_start, client_addr IS NULL OR host(client_addr) = ANY($13)
        FROM pg_stat_activity WHERE pid = pg_backend_pid()
        ON CONFLICT (incarnation) DO UPDATE SET
            renewals = node.renewals + 1, backend_pid = excluded.backend_pid, backend_start = excluded.backend_start,
            direct = excluded.direct
        WHERE node.state = 'live' AND node.uid = excluded.uid AND node.process_id = excluded.process_id
            AND node.process_start = excluded.process_start
        """);

    private static readonly Statements RenewFirst = new(
        "UPDATE node SET renewals = renewals + 1 WHERE incarnation = $1 AND state = 'live' RETURNING backend_pid, backend_start");

    private static readonly Statements EndFormer = new(
        """
        SELECT pg_terminate_backend(pid, $3) FROM pg_stat_activity
        WHERE pid = $1 AND backend_start = $2 AND pid <> pg_backend_pid()
        """);

    private static readonly Statements StoreBackend = new(
        """
        UPDATE node SET backend_pid = own.pid, backend_start = own.backend_start, direct = own.client_addr IS NULL OR host(own.client_addr) = ANY($2)
        FROM (SELECT pid, backend_start, client_addr FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS own
        WHERE incarnation = $1
        """);

    private static readonly Statements Count = new(
        "UPDATE node SET renewals = renewals + 1 WHERE incarnation = $1 AND state = 'live'");

    private static readonly Statements State = new("SELECT state FROM node WHERE incarnation = $1");

    private static readonly Statements Left = new(
        "UPDATE node SET state = 'left', reason = $2, ended_at = now() WHERE incarnation = $1 AND state IN ('live', 'down')");

    private readonly PostgresSession _session;
    private readonly string _incarnation;
    private bool _locked;

    private PostgresLiveness(PostgresSession session, string incarnation) => (_session, _incarnation) = (session, incarnation);

    public static PostgresLiveness Register(PostgresConnections connections, string cluster, NodeRegistration node)
    {
        var liveness = new PostgresLiveness(connections.Open(Settings), node.Incarnation);
        try
        {
            liveness.Register(cluster, node);
            return liveness;
        }
        catch
        {
            liveness.Dispose();
            throw;
        }
    }

    public static PostgresLiveness Resume(PostgresConnections connections, NodeRegistration node)
    {
        var liveness = new PostgresLiveness(connections.Open(Settings), node.Incarnation);
        try
        {
            liveness.Resume();
            return liveness;
        }
        catch
        {
            liveness.Dispose();
            throw;
        }
    }

    public NodeState Renew()
    {
        var renewed = _session.Execute(Count, _incarnation) == 1;
        if (!renewed)
        {
            return _session.Scalar(State, _incarnation) is string state ? NodeStates.Parse(state) : NodeState.Dead;
        }

        Lock();
        return NodeState.Live;
    }

    public void Leave(string reason) => _session.Execute(Left, _incarnation, reason);

    public void Dispose() => _session.Dispose();

    private void Register(string cluster, NodeRegistration node)
    {
        Lock();
        if (!_locked)
        {
            throw new IOException($"The session lock of {_incarnation} is held by another session; if it is a broken one, it ends soon.");
        }

        var written = _session.Execute(
            Insert, node.Incarnation, cluster, node.Name, node.Address, node.Uid, node.ManagementUrl, node.GatewayUrl,
            node.Roles.ToArray(), node.Version, node.ProcessId, node.ProcessStart, SessionLock.KeyOf(_incarnation), OwnAddresses.All());
        if (written == 0)
        {
            throw new InvalidOperationException($"The incarnation {_incarnation} has had a row before; each is registered once.");
        }
    }

    private void Resume()
    {
        // 1. Renew: whatever else this session has to do, others wait for nothing else.
        var former = _session.Read(
            RenewFirst, reader => reader.Read() ? new Backend(reader.GetInt32(0), reader.GetDateTime(1)) : null, _incarnation);
        if (former is null)
        {
            return;
        }

        // 2. The former server process may not know yet that its client is gone, and holds the lock.
        _session.Execute(EndFormer, former.ProcessId, former.StartedAt, (long)EndPatienceMilliseconds);

        // 3. Known before it holds anything.
        _session.Execute(StoreBackend, _incarnation, OwnAddresses.All());

        // 4. Not had at once: tried again with each renewal. To wait for it would keep the renewals waiting.
        Lock();
    }

    private void Lock() => _locked = _locked || _session.Scalar(TryLock, SessionLock.KeyOf(_incarnation)) is true;
}
