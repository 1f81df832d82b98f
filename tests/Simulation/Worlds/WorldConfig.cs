using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Allocation;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Everything that is fixed for one run, drawn from its seed.</summary>
internal sealed class WorldConfig
{
    public static readonly TimeSpan Healing = TimeSpan.FromSeconds(18);
    public static readonly TimeSpan LastCommand = TimeSpan.FromSeconds(21);
    public static readonly TimeSpan End = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan OneMove = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(100);

    public WorldConfig(int seed)
    {
        Seed = seed;
        Streams = new Streams(seed);
        var random = Streams.Of("configuration");
        Nodes = random.Chance(0.7) ? 3 : random.Next(2, 6);
        Clients = random.Next(3, 7);
        Counters = random.Next(3, 9);
        SnapshotEvery = random.Next(2, 25);
        ZipfExponent = 0.5 + random.NextDouble();
        ChecksMemberOnAcquire = random.Chance(0.5);
        RaisesAgain = random.Chance(0.5);
        CanLoseTail = random.Chance(0.25);
        Lanes = random.Next(1, 3);
        Noise = random.Chance(0.2) ? 0 : random.NextDouble();
        Cluster = new ClusterOptions
        {
            ShardCount = random.Next(4, 13),
            LeaseTtl = TimeSpan.FromMilliseconds(random.Next(800, 2_500)),
            MaxHandoffs = random.Next(1, 9),
        };
        Sharding = new ShardingOptions
        {
            RememberedCommands = random.Chance(0.5) ? random.Next(1, 5) : 64,
            MailboxLimit = random.Chance(0.3) ? random.Next(2, 8) : 1_024,
            MaxResidentEntities = random.Chance(0.5) ? random.Next(2, 12) : 1_000,
            PassivateAfter = TimeSpan.FromSeconds(random.Next(1, 10)),
            BatchEvents = random.Chance(0.3) ? random.Next(1, 8) : 1_024,
            HandoffTimeout = TimeSpan.FromMilliseconds(random.Next(200, 3_000)),
            HandoffPauseLimit = TimeSpan.FromMilliseconds(random.Next(20, 500)),
            HandoffWindowBytes = random.Chance(0.5) ? random.Next(64, 2_048) : 512 * 1024,
            WarmCopyBytes = random.Chance(0.1) ? random.Next(0, 4_096) : 1 << 20,
            WarmHandoffs = random.Chance(0.1) ? random.Next(0, 4) : 64,
        };
        Allocation = new AllocationOptions
        {
            Name = random.Chance(0.6) ? AllocationOptions.Weighted : AllocationOptions.LeastShards,
            MoveRest = TimeSpan.FromMilliseconds(Streams.Of("rest").Next(0, 8_000)),
        };
    }

    /// <summary>As shipped, without clients and with nothing wrong: for tests that do one thing at a time.</summary>
    public static WorldConfig Plain(int seed, int nodes, int shardCount) => new(seed)
    {
        Nodes = nodes,
        Clients = 0,
        Noise = 0,
        CanLoseTail = false,
        Cluster = new ClusterOptions { ShardCount = shardCount },
        Sharding = new ShardingOptions(),
        Allocation = new AllocationOptions(),
    };

    public int Seed { get; }

    public Streams Streams { get; }

    public int Nodes { get; init; }

    public int Clients { get; init; }

    public int Counters { get; init; }

    public int SnapshotEvery { get; init; }

    public double ZipfExponent { get; init; }

    public bool ChecksMemberOnAcquire { get; init; }

    /// <summary>One of two ways stores may treat a renewal that repeats a lost one.</summary>
    public bool RaisesAgain { get; init; }

    /// <summary>The replica is asynchronous, and a failover may come.</summary>
    public bool CanLoseTail { get; init; }

    public int Lanes { get; init; }

    /// <summary>0: only what the plan says fails; 1: everything that is sent may be lost, late or twice, now and then.</summary>
    public double Noise { get; init; }

    public ClusterOptions Cluster { get; init; }

    public ShardingOptions Sharding { get; init; }

    public AllocationOptions Allocation { get; init; }

    public override string ToString() =>
        $"{Nodes} nodes, {Cluster.ShardCount} shards, {Clients} clients, lease {Cluster.LeaseTtl.TotalSeconds:0.0} s, {Allocation.Name}, noise {Noise:0.00}, "
        + $"remembers {Sharding.RememberedCommands}, resident {Sharding.MaxResidentEntities}, snapshot every {SnapshotEvery}, "
        + (CanLoseTail ? "asynchronous replica" : "no replica");
}
