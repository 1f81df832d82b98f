namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>What a node says of itself.</summary>
/// <param name="Status">Of its own member in Akka's cluster.</param>
/// <param name="Members">As this node sees them.</param>
/// <param name="Leases">Epoch by shard, of those that its book has.</param>
/// <param name="RunningShards">Of its region; null when the region did not answer.</param>
internal sealed record NodeReport(
    string Incarnation, string Address, bool IsServing, string Status, IReadOnlyList<MemberReport> Members,
    IReadOnlyDictionary<string, long> Leases, IReadOnlyList<string>? RunningShards)
{
    /// <summary>Up, and every member that it knows is up and reachable.</summary>
    public bool SeesAllUp(int count) => Members.Count == count && Members.All(member => member is { Status: "Up", IsReachable: true });
}

internal sealed record MemberReport(string Address, int Uid, string Status, bool IsReachable);
