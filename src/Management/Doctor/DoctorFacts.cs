using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Management.Doctor;

/// <summary>Everything the rules judge by, gathered beforehand; rules ask nobody.</summary>
/// <param name="Self">Of the node that was asked, as are <paramref name="Liveness"/> and <paramref name="Sharding"/>; what others do differently is
/// in their reports.</param>
/// <param name="Nodes">Every live member, that node included.</param>
/// <param name="Store">Null: it did not answer.</param>
/// <param name="Unfenced">Of the journal's latest rows.</param>
internal sealed record DoctorFacts(
    DateTimeOffset At,
    NodeSettings Self,
    ClusterDatabaseOptions Liveness,
    EntityShardingOptions Sharding,
    ClusterSight Sight,
    IReadOnlyList<NodeFacts> Nodes,
    StoreFacts? Store,
    StoreLatency Latency,
    UnfencedRows Unfenced)
{
    /// <summary>Processes that were declared dead in the last day, latest first.</summary>
    public IReadOnlyList<NodeRow> Deaths { get; init; } = [];

    /// <summary>False: the program's default journal is another plug-in.</summary>
    public bool HasFencedJournal { get; init; } = true;

    /// <summary>Regions of the node that was asked of which nobody says which persistence ids are theirs.</summary>
    public IReadOnlyList<string> UnmappedRegions { get; init; } = [];

    /// <summary>The same sight before: what was otherwise then is only passing. Null: nothing asked for a second look.</summary>
    public ClusterSight? Earlier { get; init; }

    /// <summary>Members that run shards now.</summary>
    public IEnumerable<NodeFacts> Hosts => Nodes.Where(node => node is { HostsShards: true, Status: "Up" });

    /// <summary>Shards by the incarnation that holds their leases; nobody is left out.</summary>
    public IReadOnlyDictionary<string, int> Shares => Sight.Regions.SelectMany(region => region.Leases)
        .Where(lease => lease.Owner is not null).CountBy(lease => lease.Owner!).ToDictionary();
}

/// <param name="Seen">How many rows were looked at, the latest.</param>
internal readonly record struct UnfencedRows(long Count, int Seen);
