using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Doctor;
using AkkaScale.Management.Figures;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Stuck;

namespace AkkaScale.Tests.Unit.Doctor;

public sealed class RuleTests
{
    /// <summary>Each illness, and what must be said of it. Nothing else may be: a doctor who always finds something is not listened to.</summary>
    public static TheoryData<string, string, string> Illnesses => new()
    {
        { "fsync off", "store/not-durable", "Critical" },
        { "commit not waited for", "store/not-durable", "Critical" },
        { "torn pages", "store/torn-pages", "Critical" },
        { "no checksums", "store/no-checksums", "Notice" },
        { "the synchronous standby is gone", "store/standby-missing", "Critical" },
        { "the standby is catching up", "store/standby-missing", "Critical" },
        { "an asynchronous replica", "store/asynchronous-replicas", "Warning" },
        { "no replica", "store/no-replica", "Notice" },
        { "no archive", "store/no-archive", "Notice" },
        { "an archive without a command", "store/archive-without-command", "Critical" },
        { "archiving fails", "store/archive-fails", "Critical" },
        { "archiving never ends a segment", "store/archive-timeout", "Notice" },
        { "connections taken", "store/connections-exhausted", "Critical" },
        { "connections short", "store/connections-short", "Warning" },
        { "a store that does not say", "store/no-answer", "Critical" },
        { "a store that hesitates", "store/slow", "Warning" },
        { "a store slower than the renewals", "store/slow", "Critical" },
        { "other time to live", "settings/differ", "Critical" },
        { "other allocation", "settings/differ", "Warning" },
        { "short patience", "settings/timeout-below-failover", "Warning" },
        { "short time to live", "settings/time-to-live-short", "Notice" },
        { "drills for everybody", "settings/drills-allowed", "Notice" },
        { "unreachable", "cluster/unreachable", "Critical" },
        { "silent", "cluster/no-report", "Warning" },
        { "silent everywhere", "cluster/silent", "Critical" },
        { "unreachable, and silent everywhere", "cluster/silent", "Critical" },
        { "died a minute ago", "cluster/died", "Warning" },
        { "died, and is back", "cluster/died", "Notice" },
        { "died yesterday evening", "cluster/died", "Notice" },
        { "joining", "cluster/joining", "Notice" },
        { "another version", "cluster/version-skew", "Notice" },
        { "orphans", "shards/unowned", "Critical" },
        { "owned by the dead", "shards/unowned", "Critical" },
        { "moving", "shards/moving", "Notice" },
        { "uneven", "shards/uneven", "Warning" },
        { "a node without any", "shards/uneven", "Warning" },
        { "manual", "shards/manual", "Notice" },
        { "a clock ahead", "clock/skew", "Notice" },
        { "a clock far behind", "clock/skew", "Warning" },
        { "a clock that jumped", "clock/steps", "Notice" },
        { "a clock that keeps jumping", "clock/steps", "Warning" },
        { "commands wait", "pressure/asks", "Warning" },
        { "commands pile up", "pressure/asks", "Critical" },
        { "memory is full", "pressure/residents", "Warning" },
        { "writes wait", "pressure/writes", "Warning" },
        { "the process is as large as it may be", "process/memory", "Warning" },
        { "plain text off loopback", "remoting/plaintext", "Warning" },
        { "a certificate that ends within two weeks", "remoting/certificate", "Notice" },
        { "a certificate that ends tomorrow", "remoting/certificate", "Warning" },
        { "a certificate that has ended", "remoting/certificate", "Critical" },
        { "past its deadline", "cluster/not-serving", "Critical" },
        { "a pooler", "store/pooler", "Critical" },
        { "rows without a fence", "journal/unfenced", "Notice" },
        { "a region whose ids nobody maps", "journal/region-unfenced", "Warning" },
        { "another journal", "journal/stock", "Notice" },
        { "cordoned and forgotten", "nodes/order-old", "Warning" },
        { "drained and gone", "nodes/order-without-node", "Warning" },
        { "all are cordoned", "nodes/all-closed", "Warning" },
        { "an entity does not let go", "entities/stuck", "Warning" },
        { "files run out", "process/open-files", "Critical" },
    };

    [Theory]
    [MemberData(nameof(Illnesses))]
    public void Each_illness_is_found_and_nothing_else(string illness, string code, string severity)
    {
        var findings = Diagnosis.Make(Ill(illness)).Findings;

        var finding = Assert.Single(findings);
        Assert.Equal((code, severity), (finding.Code, finding.Severity.ToString()));
        Assert.All([finding.Title, finding.What, finding.Consequence, finding.Mend], text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    public static TheoryData<string, string> Disks => new()
    {
        { "not in WAL", "store/no-wal" },
        { "network", "store/network-disk" },
        { "memory", "store/memory-disk" },
        { "full", "store/disk-full" },
        { "filling", "store/disk-low" },
        { "no room for a copy", "store/disk-low" },
        { "long log", "store/log-long" },
    };

    [Theory]
    [MemberData(nameof(Disks))]
    public void Each_illness_of_the_embedded_store_is_found(string illness, string code)
    {
        var disk = Patient.Disk;
        var facts = Patient.OnDisk(illness switch
        {
            "not in WAL" => disk with { JournalMode = "delete" },
            "network" => disk with { IsNetwork = true, FileSystem = "nfs" },
            "memory" => disk with { IsMemory = true, FileSystem = "tmpfs" },
            "full" => disk with { FreeBytes = 1 << 20 },
            "filling" => disk with { FreeBytes = 1 << 30 },
            "no room for a copy" => disk with { FreeBytes = 50L << 30, JournalBytes = 60L << 30 },
            _ => disk with { LogBytes = 1 << 30 },
        });

        // That one disk carries all is always worth a notice.
        Assert.Equal([code, "store/one-host"], Patient.Codes(facts));
    }

    [Fact]
    public void A_healthy_cluster_gets_no_finding()
    {
        var diagnosis = Diagnosis.Make(Patient.Healthy());

        Assert.Empty(diagnosis.Findings);
        Assert.Equal(Severity.Ok, diagnosis.Worst);
    }

    [Fact]
    public void The_gravest_finding_comes_first_and_names_the_whole()
    {
        var diagnosis = Diagnosis.Make(Patient.OnServer(Patient.Server with { Checksums = false, Fsync = false }));

        Assert.Equal(["store/not-durable", "store/no-checksums"], diagnosis.Findings.Select(finding => finding.Code));
        Assert.Equal(Severity.Critical, diagnosis.Worst);
    }

    [Fact]
    public void A_setting_that_may_differ_is_no_finding() =>
        Assert.Empty(Patient.Codes(Patient.WithReport(report => report with { Settings = Patient.Settings(("Node:GatewayBind", "127.0.0.1:1")) })));

    [Fact]
    public void A_shard_that_is_handed_over_is_unowned_for_a_moment_and_no_finding()
    {
        var handed = Patient.Healthy() with { Sight = Patient.Sight(shard => shard < 3 ? 0 : (shard % 3) + 1, epoch: 2) };
        Assert.Contains("shards/unowned", Codes(handed));
        Assert.DoesNotContain("shards/unowned", Codes(handed with { Earlier = Patient.Sight(shard => (shard % 3) + 1, epoch: 2) }));
        Assert.DoesNotContain("shards/unowned", Codes(handed with { Earlier = Patient.Sight(shard => shard < 3 ? 0 : (shard % 3) + 1, epoch: 1) }));
        Assert.Contains("shards/unowned", Codes(handed with { Earlier = handed.Sight }));

        static IEnumerable<string> Codes(DoctorFacts facts) => Diagnosis.Make(facts).Findings.Select(finding => finding.Code);
    }

    [Fact]
    public void A_node_that_was_cordoned_or_drained_today_is_no_finding_and_not_uneven()
    {
        var facts = Ordered(NodeOrderKind.Drain, TimeSpan.FromHours(1), "node-3");
        Assert.Empty(Patient.Codes(facts with { Sight = Patient.Sight(shard => (shard % 2) + 1) with { Orders = facts.Sight.Orders } }));
    }

    [Fact]
    public void A_shard_that_never_ran_waits_for_its_first_command()
    {
        var facts = Patient.Healthy() with { Sight = Patient.Sight(_ => 0, epoch: 0), Nodes = [Patient.Facts(1)] };

        Assert.Equal(["cluster/single-node"], Patient.Codes(facts));
    }

    private static DoctorFacts Ill(string illness)
    {
        var (healthy, server) = (Patient.Healthy(), Patient.Server);
        var archive = server.Archive!;
        return illness switch
        {
            "fsync off" => Patient.OnServer(server with { Fsync = false }),
            "commit not waited for" => Patient.OnServer(server with { SynchronousCommit = "local" }),
            "torn pages" => Patient.OnServer(server with { FullPageWrites = false }),
            "no checksums" => Patient.OnServer(server with { Checksums = false }),
            "a pooler" => Patient.OnServer(server with { IsPooled = true }),
            "the synchronous standby is gone" => Patient.OnServer(server with { Replicas = [] }),
            "the standby is catching up" => Patient.OnServer(server with { Replicas = [new("standby", "catchup", "sync", 9)] }),
            "an asynchronous replica" => Patient.OnServer(server with { SynchronousStandbyNames = "", Replicas = [new("r", "streaming", "async", 9)] }),
            "no replica" => Patient.OnServer(server with { SynchronousStandbyNames = "", Replicas = [] }),
            "no archive" => Patient.OnServer(server with { Archive = null }),
            "an archive without a command" => Patient.OnServer(server with { Archive = archive with { HasCommand = false } }),
            "archiving fails" => Patient.OnServer(server with { Archive = archive with { LastFailed = Patient.Now.AddMinutes(1), Failures = 3 } }),
            "archiving never ends a segment" => Patient.OnServer(server with { Archive = archive with { Timeout = TimeSpan.Zero } }),
            "connections taken" => Patient.OnServer(server with { Connections = 190 }),
            "connections short" => Patient.OnServer(server with { MaxConnections = 60, Connections = 5 }),
            "a store that does not say" => healthy with { Store = null },
            "a store that hesitates" => healthy with { Latency = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400)) },
            "a store slower than the renewals" => healthy with { Latency = new(TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(1)) },
            "cordoned and forgotten" => Ordered(NodeOrderKind.Cordon, TimeSpan.FromHours(25), "node-2"),
            "drained and gone" => Ordered(NodeOrderKind.Drain, TimeSpan.FromHours(1), "node-7"),
            "all are cordoned" => Ordered(NodeOrderKind.Cordon, TimeSpan.FromHours(1), "node-1", "node-2", "node-3"),
            "an entity does not let go" => healthy with
            {
                Sight = healthy.Sight with { Stuck = [new StuckEntity(healthy.Sight.Rows[0].Address, "task", 7, "t-1", TimeSpan.FromSeconds(9))] },
            },
            "rows without a fence" => healthy with { Unfenced = new(3, 10_000) },
            "a region whose ids nobody maps" => healthy with { UnmappedRegions = ["cart"] },
            "another journal" => healthy with { HasFencedJournal = false, UnmappedRegions = ["cart"] },
            "other time to live" => Patient.WithReport(report => report with { Settings = Patient.Settings(("Cluster:TimeToLive", "00:00:05")) }),
            "other allocation" => Patient.WithReport(report => report with { Settings = Patient.Settings(("Sharding:Allocation:QuietFor", "00:00:01")) }),
            "short patience" => healthy with { Sharding = new EntityShardingOptions { MaxTimeout = TimeSpan.FromSeconds(2) } },
            "short time to live" => healthy with { Liveness = new ClusterDatabaseOptions { TimeToLive = TimeSpan.FromSeconds(0.5) } },
            "drills for everybody" => healthy with { Self = healthy.Self with { AllowDrills = true, ManagementBind = "10.0.0.1:8558" } },
            "unreachable" => Patient.WithNode(node => node with { UnreachableBy = ["node-3"] }),
            "silent" => Patient.WithNode(node => node with { Report = null, ClockAhead = null }),
            "silent everywhere" => Patient.WithNode(node => node with { Report = null, ClockAhead = null, ShowsLife = false }),
            "unreachable, and silent everywhere" => Patient.WithNode(
                node => node with { Report = null, ClockAhead = null, ShowsLife = false, UnreachableBy = ["node-3"] }),
            "died a minute ago" => healthy with { Deaths = [Patient.Dead("node-9", TimeSpan.FromMinutes(1))] },
            "died, and is back" => healthy with { Deaths = [Patient.Dead("node-2", TimeSpan.FromMinutes(1)), Patient.Dead("node-2", TimeSpan.FromHours(3))] },
            "died yesterday evening" => healthy with { Deaths = [Patient.Dead("node-9", TimeSpan.FromHours(9))] },
            "past its deadline" => Patient.WithReport(report => report with { Serving = false }),
            "joining" => healthy with { Nodes = [.. healthy.Nodes, Patient.Facts(4) with { Status = "Joining" }] },
            "another version" => Patient.WithNode(node => node with { Version = "0.2.0" }),
            "orphans" => healthy with { Sight = Patient.Sight(shard => shard < 3 ? 0 : (shard % 3) + 1) },
            "owned by the dead" => healthy with { Sight = Patient.Sight(shard => shard < 3 ? 9 : (shard % 3) + 1) },
            "moving" => healthy with { Sight = Patient.Sight(shard => (shard % 3) + 1, home: shard => shard == 0 ? 3 : (shard % 3) + 1) },
            "uneven" => healthy with { Sight = Patient.Sight(shard => shard < 10 ? 1 : shard - 8) },
            "a node without any" => healthy with { Sight = Patient.Sight(shard => (shard % 2) + 1) },
            "manual" => healthy with { Sight = healthy.Sight with { Regions = [.. healthy.Sight.Regions.Select(region => region with { IsManual = true })] } },
            "a clock ahead" => Patient.WithNode(node => node with { ClockAhead = TimeSpan.FromSeconds(1) }),
            "a clock far behind" => Patient.WithNode(node => node with { ClockAhead = TimeSpan.FromSeconds(-9) }),
            "a clock that jumped" => Patient.WithReport(report => report with { Clock = report.Clock with { Steps = 1 } }),
            "a clock that keeps jumping" => Patient.WithReport(report => report with { Clock = report.Clock with { Steps = 4 } }),
            "commands wait" => Patient.WithReport(report => report with { Pressure = report.Pressure with { Asks = 6_000 } }),
            "commands pile up" => Patient.WithReport(report => report with { Pressure = report.Pressure with { Asks = 9_900 } }),
            "writes wait" => Patient.WithReport(report => report with { Pressure = report.Pressure with { Writes = 30_000 } }),
            "memory is full" => Patient.WithReport(report => report with { Pressure = report.Pressure with { Residents = 199_999 } }),
            "files run out" => Patient.WithReport(report => report with { Process = report.Process with { OpenFiles = 99_000 } }),
            "the process is as large as it may be" =>
                Patient.WithReport(report => report with { Process = report.Process with { MemoryBytes = report.Process.MemoryLimit } }),
            "plain text off loopback" =>
                Patient.WithReport(report => report with { Remoting = new("10.0.0.1", IsLoopback: false, IsEncrypted: false) }),
            "a certificate that ends within two weeks" => Patient.WithReport(report => WithCertificate(report, TimeSpan.FromDays(13))),
            "a certificate that ends tomorrow" => Patient.WithReport(report => WithCertificate(report, TimeSpan.FromDays(1))),
            "a certificate that has ended" => Patient.WithReport(report => WithCertificate(report, -TimeSpan.FromSeconds(1))),
            _ => throw new ArgumentOutOfRangeException(nameof(illness), illness, "no such illness"),
        };
    }

    private static DoctorFacts Ordered(NodeOrderKind kind, TimeSpan age, params string[] nodes) => Patient.Healthy() with
    {
        Sight = Patient.Healthy().Sight with
        {
            Orders = new StandingOrders([], [.. nodes.Select(node => new NodeOrder(node, kind, "jo", "new disk") { At = (Patient.Now - age).UtcDateTime })]),
        },
    };

    private static NodeReport WithCertificate(NodeReport report, TimeSpan left) =>
        report with { Remoting = new("10.0.0.1", IsLoopback: false, IsEncrypted: true, CertificateEnds: report.At + left) };
}
