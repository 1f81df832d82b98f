using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Storage;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

/// <summary>Two hosts and a gateway; region task with three shards, the first held by n1, the second by n2, the third by nobody.</summary>
internal static class Sights
{
    public const string First = "akka.tcp://akkascale@127.0.0.1:4051";
    public const string Second = "akka.tcp://akkascale@127.0.0.1:4052";
    public const string Gateway = "akka.tcp://akkascale@127.0.0.1:4053";

    public static DateTime Then { get; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static ClusterSight Usual { get; } = new(
        Gateway,
        7,
        [Row("n1", "11", First, 1), Row("n2", "22", Second, 2), Row("g1", "33", Gateway, 3) with { Roles = ["gateway"], ManagementUrl = null }],
        [
            new GossipMember(Second, 2, MemberStatus.Up, new HashSet<string> { "entity" }, 1, true),
            new GossipMember(First, 1, MemberStatus.Up, new HashSet<string> { "entity" }, 2, true),
            new GossipMember(Gateway, 3, MemberStatus.Up, new HashSet<string> { "gateway" }, 0, true),
        ],
        First,
        [Region([Held(0, "11", 3), Held(1, "22", 4), Held(2, null, 0)], new Dictionary<int, string> { [0] = First, [1] = Second })]);

    public static NodeRow Row(string name, string incarnation, string address, long uid) => new(
        incarnation, name, address, uid, "http://127.0.0.1:8558/", null, ["entity"], "0.1.0", 7, NodeState.Live, 17, null, null, Then);

    public static LeaseRow Held(int shard, string? owner, long epoch) => new($"akkascale-shard-task-{shard}", owner, epoch);

    public static RegionSight Region(IReadOnlyList<LeaseRow> leases, IReadOnlyDictionary<int, string>? homes) => new("task", leases.Count, leases, homes, "entity");

    public static ClusterSight With(NodeRow row) =>
        Usual with { Rows = [.. Usual.Rows.Where(each => each.Incarnation != row.Incarnation), row] };

    public static ClusterSight With(GossipMember member) =>
        Usual with { Gossip = [.. Usual.Gossip.Where(each => each.Address != member.Address), member] };
}
