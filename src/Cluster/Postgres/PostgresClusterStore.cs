using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The cluster's tables in PostgreSQL.</summary>
internal sealed class PostgresClusterStore : IClusterStore
{
    private readonly ClusterDatabaseOptions _options;
    private readonly string _incarnation;
    private readonly PostgresConnections _brief;
    private readonly PostgresConnections _patient;

    public PostgresClusterStore(ClusterDatabaseOptions options, string incarnation)
    {
        (_options, _incarnation) = (options, incarnation);
        _brief = new PostgresConnections(options.ConnectionString, incarnation, options.LivenessTimeout);
        _patient = new PostgresConnections(options.ConnectionString, incarnation, options.StatementTimeout);
    }

    public void Open(ClusterTerms terms, bool migrate)
    {
        using var connection = Connect();
        connection.Open();
        PostgresTerms.Open(connection, terms, migrate);
    }

    public ILivenessSession Register(NodeRegistration node) => PostgresLiveness.Register(_brief, _options.Cluster, node);

    public ILivenessSession Resume(NodeRegistration node) => PostgresLiveness.Resume(_brief, node);

    public IObserverSession Observe() => new PostgresObserver(_brief.Open(), _options.Cluster);

    public ILeaseSession OpenLeases(string incarnation) => new PostgresLeases(_patient.Open(), _options.Cluster, incarnation);

    public IAuditSession OpenAudit() => new PostgresAudit(_patient.Open());

    public IDecisionSession OpenDecisions() => new PostgresDecisions(_patient.Open(), _options.Cluster);

    public async Task<StoreFacts> InspectAsync(CancellationToken cancellationToken)
    {
        await using var connection = Connect();
        return new StoreFacts(await PostgresInspection.RunAsync(connection, cancellationToken), null);
    }

    public void Dispose()
    {
        _brief.Dispose();
        _patient.Dispose();
    }

    private NpgsqlConnection Connect() => new(new NpgsqlConnectionStringBuilder(_options.ConnectionString)
    {
        ApplicationName = _incarnation,
        Pooling = false,
        Enlist = false,
    }.ConnectionString);
}
