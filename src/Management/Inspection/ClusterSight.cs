using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using AkkaScale.Sharding.Stuck;

namespace AkkaScale.Management.Inspection;

/// <summary>What a node knows of its cluster at one moment: rows of the database, Akka's gossip, and where coordinators have their shards.</summary>
/// <param name="Self">Address of the node that answers.</param>
/// <param name="Rows">Members that are live or down.</param>
/// <param name="Leader">Address of Akka's leader; null: none.</param>
/// <param name="Regions">In ordinal order of name.</param>
internal sealed record ClusterSight(
    string Self,
    long Generation,
    IReadOnlyList<NodeRow> Rows,
    IReadOnlyList<GossipMember> Gossip,
    string? Leader,
    IReadOnlyList<RegionSight> Regions)
{
    /// <summary>What operators want at present.</summary>
    public StandingOrders Orders { get; init; } = StandingOrders.None;

    /// <summary>Entities that do not let go of a message, as members have told.</summary>
    public IReadOnlyList<StuckEntity> Stuck { get; init; } = [];

    /// <summary>What was ordered about nodes of this name; null: nothing, it takes shards.</summary>
    public NodeOrder? OrderOf(string node) => Orders.Nodes.FirstOrDefault(order => order.NodeName == node);

    /// <summary>What was ordered about a shard; null: nothing.</summary>
    public ShardOrder? OrderOf(string region, int shard) => Orders.Shards.FirstOrDefault(order => order.Region == region && order.Shard == shard);

    /// <summary>Null: it is ordered nowhere, or no more than once.</summary>
    public ShardOrder? PinOf(string region, int shard) => OrderOf(region, shard) is { Kind: ShardOrderKind.Pin } pin ? pin : null;

    /// <summary>Null: nobody, or nobody whose row is known.</summary>
    public NodeRow? Find(string? incarnation) => incarnation is null ? null : Rows.FirstOrDefault(row => row.Incarnation == incarnation);

    /// <summary>The live member there; null: none is known.</summary>
    public NodeRow? At(string? address) => address is null ? null : Rows.LastOrDefault(row => row.IsLive && row.Address == address);

    public GossipMember? InGossip(NodeRow row) => Gossip.FirstOrDefault(member => member.Address == row.Address && member.Uid == row.Uid);

    /// <summary>Live members that host shards.</summary>
    public IEnumerable<NodeRow> Hosts => Rows.Where(row => row.IsLive && AreHosts(row.Roles));

    /// <summary>Whether members with these roles host shards, of one region at least.</summary>
    public bool AreHosts(IEnumerable<string> roles) => Regions.Any(region => region.AreHosts(roles));
}

/// <summary>A member as Akka's gossip has it.</summary>
/// <param name="Age">0 for the oldest.</param>
/// <param name="IsReachable">As far as the members agree.</param>
internal sealed record GossipMember(string Address, long Uid, MemberStatus Status, IReadOnlySet<string> Roles, int Age, bool IsReachable);

/// <summary>One region: a kind's, of its name, or another that the program started.</summary>
/// <param name="Leases">By the shard's number.</param>
/// <param name="Homes">Addresses by the shard's number; null: no coordinator has told yet.</param>
/// <param name="Role">Members with it host its shards; null: all do.</param>
internal sealed record RegionSight(
    string Name, int ShardCount, IReadOnlyList<LeaseRow> Leases, IReadOnlyDictionary<int, string>? Homes, string? Role)
{
    /// <summary>Address of the node whose coordinator told its homes last; null: none has.</summary>
    public string? Coordinator { get; init; }

    /// <summary>What shards weigh for the coordinator, by number; 0, or none there: not known.</summary>
    public IReadOnlyList<int> Weights { get; init; } = [];

    /// <summary>Whether only orders move shards; null: no coordinator has said.</summary>
    public bool? IsManual { get; init; }

    /// <summary>Whether members with these roles host its shards.</summary>
    public bool AreHosts(IEnumerable<string> roles) => Role is null || roles.Contains(Role);

    public string? HomeOf(int shard) => Homes?.GetValueOrDefault(shard);
}
