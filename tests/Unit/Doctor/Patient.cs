using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Management.Doctor;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding.Options;
using AkkaScale.Tests.Unit.Inspection;

namespace AkkaScale.Tests.Unit.Doctor;

/// <summary>The facts of a cluster in good health, three nodes over PostgreSQL, to be changed by each test.</summary>
internal static class Patient
{
    public const int Shards = 12;

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    public static readonly PostgresFacts Server = new(
        170_000, Fsync: true, "on", FullPageWrites: true, Checksums: true, IsPooled: false, "standby", [new("standby", "streaming", "sync", 0)],
        new PostgresArchive(HasCommand: true, TimeSpan.FromSeconds(60), Now, null, 0), 200, 3, 40, 1_000_000);

    public static readonly SqliteFacts Disk = new(
        "/var/lib/akkascale/akkascale.db", "wal", 1_000_000, 4_000_000, 100L << 30, 200L << 30, "ext4", IsNetwork: false, IsMemory: false);

    private static readonly NodeSettings Self = new("node-1", "postgres", "127.0.0.1:8558", "127.0.0.1:8080", AllowDrills: false, Settings());

    public static DoctorFacts Healthy() => new(
        Now, Self, new ClusterDatabaseOptions(), new EntityShardingOptions(), Sight(shard => (shard % 3) + 1), [Facts(1), Facts(2), Facts(3)],
        new StoreFacts(Server, null), new StoreLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)), new UnfencedRows(0, 10_000));

    public static DoctorFacts OnDisk(SqliteFacts disk) => Healthy() with { Store = new StoreFacts(null, disk) };

    public static DoctorFacts OnServer(PostgresFacts server) => Healthy() with { Store = new StoreFacts(server, null) };

    /// <summary>One node is not as it was.</summary>
    public static DoctorFacts WithNode(Func<NodeFacts, NodeFacts> change) =>
        Healthy() is var facts ? facts with { Nodes = [facts.Nodes[0], change(facts.Nodes[1]), facts.Nodes[2]] } : facts;

    public static DoctorFacts WithReport(Func<NodeReport, NodeReport> change) => WithNode(node => node with { Report = change(node.Report!) });

    public static NodeFacts Facts(int number) => new(
        number.ToString(), $"node-{number}", "0.1.0", "Up", HostsShards: true, Report(number), TimeSpan.Zero, []);

    public static NodeRow Dead(string name, TimeSpan ago) => Sights.Row(name, $"{name}-{ago.TotalMinutes}", AddressOf(9), 9) with
    {
        State = NodeState.Dead,
        Reason = "its process has ended",
        EndedAt = (Now - ago).UtcDateTime,
    };

    public static NodeReport Report(int number) => new(Now, 60, 1, "0.1.0", ["entity", "gateway"], 100, Serving: true, 2)
    {
        Traffic = new(10, 0, 0, 0, null, null),
        Appends = new(0, 0, 0, null, null),
        Pressure = new(0, 10_000, 100, 200_000, 0, 50_000),
        Process = new(200L << 20, 8L << 30, 50L << 20, 0.1, 0, 30, 300, 100_000),
        Clock = new(Now, 0),
        Remoting = new("127.0.0.1", IsLoopback: true, IsEncrypted: false),
        Settings = Settings(("Node:Name", $"node-{number}")),
    };

    public static IReadOnlyDictionary<string, string> Settings(params (string Name, string Value)[] more) =>
        new[] { ("Cluster:TimeToLive", "00:00:02"), ("Sharding:Allocation:QuietFor", "00:00:08") }.ExceptBy(more.Select(each => each.Name), each => each.Item1)
            .Concat(more).ToDictionary(each => each.Item1, each => each.Item2);

    /// <param name="owner">Number of the node that has the shard; 0: nobody.</param>
    /// <param name="epoch">0: it never ran.</param>
    public static ClusterSight Sight(Func<int, int> owner, long epoch = 1, Func<int, int>? home = null) => Sights.Usual with
    {
        Rows = [.. Enumerable.Range(1, 3).Select(number => Sights.Row($"node-{number}", number.ToString(), AddressOf(number), number))],
        Regions =
        [
            Sights.Region(
                [.. Enumerable.Range(0, Shards).Select(shard => Sights.Held(shard, owner(shard) is > 0 and var node ? node.ToString() : null, epoch))],
                Enumerable.Range(0, Shards).ToDictionary(shard => shard, shard => AddressOf((home ?? owner)(shard)))),
        ],
    };

    public static string[] Codes(DoctorFacts facts) => [.. Diagnosis.Make(facts).Findings.Select(finding => finding.Code)];

    private static string AddressOf(int number) => $"akka.tcp://akkascale@127.0.0.1:405{number}";
}
