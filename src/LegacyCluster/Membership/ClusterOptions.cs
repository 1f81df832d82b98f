namespace AkkaScale.LegacyCluster.Membership;

/// <summary>Settings that all members of a cluster should share. Bound from section AkkaScale:Cluster, validated at start.</summary>
public sealed class ClusterOptions
{
    /// <summary>Recorded in the store at the first start; another name on the same store is refused.</summary>
    public string Name { get; set; } = "akkascale";

    /// <summary>Fixed at the first start of a cluster, 1 to 65,536.</summary>
    public int ShardCount { get; set; } = 256;

    /// <summary>Lifetime of a member's lease: 500 ms to 60 s.</summary>
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Tolerated relative drift between two members' clock rates: 0 to 0.5.</summary>
    public double ClockDrift { get; set; } = 0.10;

    /// <summary>Shared secret of the cluster port's mutual challenge; may be empty on loopback only.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Shards a member hands off at the same time, 1 to 256; the others go on serving until their turn.</summary>
    public int MaxHandoffs { get; set; } = 4;

    /// <summary>Whether members tell each other at once that the store has changed. Without it each sees that at its next poll; nothing depends on it.</summary>
    public bool MapHints { get; set; } = true;

    /// <summary>Time between two renewals: a quarter of the lease.</summary>
    public TimeSpan RenewInterval => LeaseTtl / 4;

    /// <summary>Time between two polls of the store: a sixth of the lease.</summary>
    public TimeSpan PollInterval => LeaseTtl / 6;

    /// <summary>An observer holds a member's lease expired after seeing it unchanged for this long: TTL·(1+g).</summary>
    public TimeSpan ObservedExpiry => LeaseTtl * (1 + ClockDrift);

    /// <summary>A member serves for this long after sending a successful renewal: TTL·(1−g).</summary>
    public TimeSpan ServingPeriod => LeaseTtl * (1 - ClockDrift);

    /// <summary>What is wrong with these settings and what to change, one line each; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 63)
        {
            problems.Add("AkkaScale:Cluster:Name must have 1 to 63 characters.");
        }

        if (ShardCount is < 1 or > 65_536)
        {
            problems.Add(FormattableString.Invariant($"AkkaScale:Cluster:ShardCount is {ShardCount}; choose 1 to 65,536 (256 suits up to some 25 nodes)."));
        }

        if (LeaseTtl < TimeSpan.FromMilliseconds(500) || LeaseTtl > TimeSpan.FromSeconds(60))
        {
            problems.Add(FormattableString.Invariant($"AkkaScale:Cluster:LeaseTtl is {LeaseTtl}; choose 00:00:00.5 to 00:01:00."));
        }

        if (!(ClockDrift is >= 0 and <= 0.5))
        {
            problems.Add(FormattableString.Invariant($"AkkaScale:Cluster:ClockDrift is {ClockDrift}; choose 0 to 0.5 (0.1 means ten percent)."));
        }

        if (MaxHandoffs is < 1 or > 256)
        {
            problems.Add(FormattableString.Invariant($"AkkaScale:Cluster:MaxHandoffs is {MaxHandoffs}; choose 1 to 256."));
        }

        return problems;
    }
}
