using AkkaScale.Hosting.Doctor;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

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
        { "a store slower than the lease", "store/slow", "Critical" },
        { "other lease", "settings/differ", "Critical" },
        { "other allocation", "settings/differ", "Warning" },
        { "short patience", "settings/timeout-below-failover", "Warning" },
        { "short stop", "settings/shutdown-short", "Notice" },
        { "short lease", "settings/lease-short", "Notice" },
        { "drills for everybody", "settings/drills-allowed", "Notice" },
        { "no coordinator", "cluster/no-coordinator", "Warning" },
        { "unreachable", "cluster/unreachable", "Critical" },
        { "silent", "cluster/no-report", "Warning" },
        { "joining", "cluster/joining", "Notice" },
        { "another version", "cluster/version-skew", "Notice" },
        { "a forgotten drain", "orders/old", "Warning" },
        { "all cordoned", "orders/nobody-left", "Critical" },
        { "orphans", "shards/unowned", "Critical" },
        { "owned by the dead", "shards/unowned", "Critical" },
        { "moving", "shards/moving", "Notice" },
        { "uneven", "shards/uneven", "Warning" },
        { "a node without any", "shards/uneven", "Warning" },
        { "a pin to nobody", "shards/pins-waiting", "Notice" },
        { "a clock ahead", "clock/skew", "Notice" },
        { "a clock far behind", "clock/skew", "Warning" },
        { "a clock that jumped", "clock/steps", "Notice" },
        { "a clock that keeps jumping", "clock/steps", "Warning" },
        { "commands wait", "pressure/router", "Warning" },
        { "commands pile up", "pressure/router", "Critical" },
        { "memory is full", "pressure/residents", "Warning" },
        { "recoveries wait", "pressure/recoveries", "Warning" },
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
        { "not synchronous", "store/not-durable" },
        { "not in WAL", "store/not-durable" },
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
            "not synchronous" => disk with { Synchronous = "NORMAL" },
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
        Assert.Empty(Patient.Codes(Patient.WithNode(node => node with { Settings = new Dictionary<string, string> { ["Node:GatewayBind"] = "127.0.0.1:1" } })));

    private static DoctorFacts Ill(string illness)
    {
        var (healthy, server) = (Patient.Healthy(), Patient.Server);
        var archive = server.Archive!;
        var pressure = healthy.Nodes[1].Pressure!;
        return illness switch
        {
            "fsync off" => Patient.OnServer(server with { Fsync = false }),
            "commit not waited for" => Patient.OnServer(server with { SynchronousCommit = "local" }),
            "torn pages" => Patient.OnServer(server with { FullPageWrites = false }),
            "no checksums" => Patient.OnServer(server with { Checksums = false }),
            "the synchronous standby is gone" => Patient.OnServer(server with { Replicas = [] }),
            "the standby is catching up" => Patient.OnServer(server with { Replicas = [new("standby", "catchup", "sync", 9)] }),
            "an asynchronous replica" => Patient.OnServer(server with { SynchronousStandbyNames = "", Replicas = [new("r", "streaming", "async", 9)] }),
            "no replica" => Patient.OnServer(server with { SynchronousStandbyNames = "", Replicas = [] }),
            "no archive" => Patient.OnServer(server with { Archive = null }),
            "an archive without a command" => Patient.OnServer(server with { Archive = archive with { HasCommand = false } }),
            "archiving fails" => Patient.OnServer(server with { Archive = archive with { LastFailed = Patient.Now.AddMinutes(1), Failures = 3 } }),
            "archiving never ends a segment" => Patient.OnServer(server with { Archive = archive with { Timeout = TimeSpan.Zero } }),
            "connections taken" => Patient.OnServer(server with { Connections = 190 }),
            "connections short" => Patient.OnServer(server with { MaxConnections = 45, Connections = 5 }),
            "a store that does not say" => healthy with { Store = null },
            "a store that hesitates" => healthy with { Latency = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400)) },
            "a store slower than the lease" => healthy with { Latency = new(TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(1)) },
            "other lease" => Patient.WithNode(node => node with { Settings = new Dictionary<string, string> { ["Cluster:LeaseTtl"] = "00:00:05" } }),
            "other allocation" => healthy with
            {
                Nodes = [.. healthy.Nodes.Select((node, index) => node with { Settings = new Dictionary<string, string> { ["Allocation:Name"] = index == 0 ? "weighted" : "least-shards" } })],
            },
            "short patience" => With(options => options.Sharding.MaxTimeout = TimeSpan.FromSeconds(2)),
            "short stop" => With(options => options.Cluster.MaxHandoffs = 1),
            "short lease" => With(options => options.Cluster.LeaseTtl = TimeSpan.FromSeconds(0.5)),
            "drills for everybody" => With(options => (options.Node.AllowDrills, options.Node.ManagementBind) = (true, "10.0.0.1:8558")),
            "no coordinator" => healthy with { Reading = healthy.Reading with { Coordinator = new CoordinatorTerm(Patient.Node(9), 1) } },
            "unreachable" => Patient.WithNode(node => node with { UnreachableBy = ["node-3"] }),
            "silent" => Patient.WithNode(node => node with { Answered = false, Settings = null, ClockAhead = null, ClockSteps = null, Pressure = null }),
            "joining" => healthy with { Nodes = [.. healthy.Nodes, Patient.Facts(4) with { Status = MemberStatus.Joining }] },
            "another version" => Patient.WithNode(node => node with { Version = "0.2.0" }),
            "a forgotten drain" => healthy with
            {
                Reading = Patient.Reading(shard => shard % 2 == 0 ? 1 : 3) with
                {
                    Orders = [new NodeOrder("node-2", NodeOrderKind.Drain, "disk", "ann", Patient.Now.AddDays(-2))],
                },
            },
            "all cordoned" => healthy with
            {
                Reading = healthy.Reading with
                {
                    Orders = [.. healthy.Nodes.Select(node => new NodeOrder(node.Name, NodeOrderKind.Cordon, "", "", Patient.Now))],
                },
            },
            "orphans" => healthy with { Reading = Patient.Reading(shard => shard < 3 ? 0 : (shard % 3) + 1) },
            "owned by the dead" => healthy with { Reading = Patient.Reading(shard => shard < 3 ? 9 : (shard % 3) + 1) },
            "moving" => healthy with { Reading = healthy.Reading with { Targets = [new ShardTarget(0, Patient.Node(3), "balance", Patient.Node(1), 1)] } },
            "uneven" => healthy with { Reading = Patient.Reading(shard => shard < 10 ? 1 : shard - 8) },
            "a node without any" => healthy with { Reading = Patient.Reading(shard => (shard % 2) + 1) },
            "a pin to nobody" => healthy with { Reading = healthy.Reading with { Pins = [new ShardPin(3, "node-7", "", "", Patient.Now)] } },
            "a clock ahead" => Patient.WithNode(node => node with { ClockAhead = TimeSpan.FromSeconds(1) }),
            "a clock far behind" => Patient.WithNode(node => node with { ClockAhead = TimeSpan.FromSeconds(-9) }),
            "a clock that jumped" => Patient.WithNode(node => node with { ClockSteps = 1 }),
            "a clock that keeps jumping" => Patient.WithNode(node => node with { ClockSteps = 4 }),
            "commands wait" => Patient.WithNode(node => node with { Pressure = pressure with { RouterWaiting = 6_000 } }),
            "commands pile up" => Patient.WithNode(node => node with { Pressure = pressure with { RouterWaiting = 9_900 } }),
            "memory is full" => Patient.WithNode(node => node with { Pressure = pressure with { Residents = 199_999 } }),
            "recoveries wait" => Patient.WithNode(node => node with { Pressure = pressure with { RecoveriesWaiting = 1_000 } }),
            "files run out" => Patient.WithNode(node => node with { Pressure = pressure with { OpenFiles = 99_000 } }),
            _ => throw new ArgumentOutOfRangeException(nameof(illness), illness, "no such illness"),
        };
    }

    private static DoctorFacts With(Action<AkkaScaleOptions> change)
    {
        var options = new AkkaScaleOptions();
        change(options);
        return Patient.Healthy() with { Options = options };
    }
}
