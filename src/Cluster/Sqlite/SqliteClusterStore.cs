using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>
/// The cluster's tables in files that several processes of one host share: members in one of their own, so that no renewal waits behind
/// appends; leases in the journal's, so that the fence is atomic.
/// </summary>
internal sealed class SqliteClusterStore : IClusterStore
{
    private readonly ClusterDatabaseOptions _options;
    private readonly SqliteFiles _files;
    private readonly SessionLocks _locks;
    private readonly MemberProcesses _processes;

    /// <param name="warn">Is told of processes that had to be ended.</param>
    public SqliteClusterStore(ClusterDatabaseOptions options, Action<string>? warn)
    {
        _options = options;
        _files = new SqliteFiles(options, warn);
        _locks = new SessionLocks(_files);
        _processes = new MemberProcesses(warn);
    }

    public void Open(ClusterTerms terms, bool migrate)
    {
        SqliteTerms.Open(_files, terms, migrate);
        DeleteOldLocks();
    }

    public ILivenessSession Register(NodeRegistration node)
    {
        var liveness = Liveness(node);
        try
        {
            liveness.Register(_options.Cluster);
            return liveness;
        }
        catch
        {
            liveness.Dispose();
            throw;
        }
    }

    public ILivenessSession Resume(NodeRegistration node)
    {
        var liveness = Liveness(node);
        try
        {
            liveness.Renew();
            return liveness;
        }
        catch
        {
            liveness.Dispose();
            throw;
        }
    }

    public IObserverSession Observe() =>
        new SqliteObserver(_files.OpenMembers(), _locks, _processes, _options.Cluster, _options.Time);

    public ILeaseSession OpenLeases(string incarnation)
    {
        var leases = _files.OpenLeases();
        try
        {
            return new SqliteLeases(leases, _files.OpenMembers(), _processes, _options.Cluster, incarnation);
        }
        catch
        {
            leases.Dispose();
            throw;
        }
    }

    public IAuditSession OpenAudit() => new SqliteAudit(_files.OpenMembers());

    public IDecisionSession OpenDecisions() => new SqliteDecisions(_files.OpenMembers(), _options.Cluster);

    public async Task<StoreFacts> InspectAsync(CancellationToken cancellationToken) =>
        new(null, await SqliteInspection.RunAsync(_files.Journal, cancellationToken));

    public void Dispose()
    {
        _locks.Dispose();
        _files.Dispose();
    }

    private SqliteLiveness Liveness(NodeRegistration node) => new(_files.OpenMembers(), _locks, node, _options.Time);

    /// <summary>Of incarnations whose rows are final. Those that ended before their row was there keep theirs; they are few.</summary>
    private void DeleteOldLocks()
    {
        using var members = _files.OpenMembers();
        foreach (var incarnation in _files.LockFiles().ToList())
        {
            var gone = members.Prepare("SELECT 1 FROM node WHERE incarnation = $1 AND state IN ('left', 'dead')", incarnation)
                .ExecuteScalar();
            if (gone is not null)
            {
                _files.DeleteLock(incarnation);
            }
        }
    }
}
