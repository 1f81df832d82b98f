using System.Collections.Immutable;
using AkkaScale.Hosting.Doctor;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;

namespace AkkaScale.Tests.Unit.Doctor;

/// <summary>The facts of a cluster in good health, three nodes over PostgreSQL, to be changed by each test.</summary>
internal static class Patient
{
    public const int Shards = 12;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    public static readonly PostgresFacts Server = new(
        170_000, Fsync: true, "on", FullPageWrites: true, Checksums: true, "standby", [new("standby", "streaming", "sync", 0)],
        new PostgresArchive(HasCommand: true, TimeSpan.FromSeconds(60), Now, null, 0), "replica", 10, 200, 3, 40, MayReplicate: true, 1_000_000);

    public static readonly SqliteFacts Disk = new(
        "/var/lib/akkascale", "FULL", "wal", 1_000_000, 4_000_000, 100L << 30, 200L << 30, "ext4", IsNetwork: false, IsMemory: false);

    public static Incarnation Node(int number) => new(new Guid(number, 0, 0, new byte[8]));

    public static DoctorFacts Healthy() => new(
        Now, "node-1", new AkkaScaleOptions(), Reading(shard => (shard % 3) + 1), [Facts(1), Facts(2), Facts(3)], new StoreFacts(Server, null),
        new StoreLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)));

    public static DoctorFacts OnDisk(SqliteFacts disk) => Healthy() with { Store = new StoreFacts(null, disk) };

    public static DoctorFacts OnServer(PostgresFacts server) => Healthy() with { Store = new StoreFacts(server, null) };

    /// <summary>One node is not as it was.</summary>
    public static DoctorFacts WithNode(Func<NodeFacts, NodeFacts> change) =>
        Healthy() is var facts ? facts with { Nodes = [facts.Nodes[0], change(facts.Nodes[1]), facts.Nodes[2]] } : facts;

    public static NodeFacts Facts(int number) => new(
        Node(number), $"node-{number}", "0.1.0", MemberStatus.Up, [MemberSnapshot.EntityRole, MemberSnapshot.GatewayRole], Answered: true, TimeSpan.Zero, 0,
        new Dictionary<string, string> { ["Cluster:LeaseTtl"] = "00:00:02", ["Node:Name"] = $"node-{number}" },
        new Pressure(0, 10_000, 100, 200_000, 0, 32, 300, 100_000), []);

    /// <param name="owner">Number of the node that has the shard; 0: nobody.</param>
    public static ClusterReading Reading(Func<int, int> owner) => new(
        new ClusterIdentity("test", Shards, 4, "1/00000001", 0), new CoordinatorTerm(Node(1), 1), [],
        [.. Enumerable.Range(0, Shards).Select(shard => new ShardOwner(shard, owner(shard) is > 0 and var node ? Node(node) : null, 1, "takeover"))],
        ImmutableArray<ShardTarget>.Empty);

    public static string[] Codes(DoctorFacts facts) => [.. Diagnosis.Make(facts).Findings.Select(finding => finding.Code)];
}
