namespace AkkaScale.Management.Facts;

/// <summary>The cluster in a few numbers.</summary>
/// <param name="SelfName">Name of the node that answers.</param>
/// <param name="Store">sqlite or postgres.</param>
/// <param name="ShardCount">Of all regions.</param>
/// <param name="Coordinator">Null: there is none now.</param>
/// <param name="Members">How many there are by status, those that are over left out.</param>
/// <param name="Moving">Shards that have an owner and are to have another.</param>
internal sealed record ClusterStatus(
    string Cluster,
    string SelfName,
    string Store,
    int ShardCount,
    long Generation,
    CoordinatorFacts? Coordinator,
    IReadOnlyDictionary<string, int> Members,
    int Owned,
    int Unowned,
    int? Moving,
    IReadOnlyList<RegionFacts> Regions,
    bool IsReady)
{
    /// <summary>Whether only orders move shards, as the coordinators say; null: none has said.</summary>
    public bool? IsManual { get; init; }
}

internal sealed record CoordinatorFacts(string Name, string Address);
