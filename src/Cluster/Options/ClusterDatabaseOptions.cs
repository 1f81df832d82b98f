namespace AkkaScale.Cluster.Options;

/// <summary>How the database decides who is alive and who owns what. Checked when the system is built.</summary>
public sealed class ClusterDatabaseOptions
{
    public StoreKind Store { get; set; }

    /// <summary>
    /// Of Npgsql or of Microsoft.Data.Sqlite. The latter must name the journal's file, since leases lie in it; members lie in a file beside
    /// it, whose name ends in <c>.members</c>.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Name of the cluster; one database serves one.</summary>
    public string Cluster { get; set; } = "akkascale";

    /// <summary>Name of this node for people; it may be used again by the next incarnation. Null: host and port of remoting.</summary>
    public string? NodeName { get; set; }

    /// <summary>Where this node's management port, and so its contact point of Cluster Bootstrap, can be reached.</summary>
    public Uri? ManagementUrl { get; set; }

    public Uri? GatewayUrl { get; set; }

    /// <summary>Of the program; shown to people.</summary>
    public string Version { get; set; } = "";

    /// <summary>Shards of each region, by type name: fixed by the first start and checked by every later one.</summary>
    public Dictionary<string, int> ShardCounts { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a shard runs only while its process holds the shard's lease: the same on all members. Without, regions run as Akka.NET runs
    /// them, by its own settings.
    /// </summary>
    public bool ShardLeases { get; set; } = true;

    /// <summary>
    /// Mutual TLS of remoting; none unless set. Its authority's fingerprint is checked like the shard counts.
    /// </summary>
    public ClusterTlsOptions Tls { get; set; } = new();

    /// <summary>Remoting in plain text on another address than loopback: whoever reaches that port controls the cluster.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>Whether missing tables are made at start. Without, a schema that lacks them is refused.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// How long a process counts as alive without a sign of life. It renews four times as often. The rules of a death wait longer by
    /// <see cref="RateMargin"/>, its own deadline comes earlier by as much.
    /// </summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>By which share the rates of two machines' clocks may differ.</summary>
    public double RateMargin { get; set; } = 0.1;

    /// <summary>How often the members' rows are read.</summary>
    public TimeSpan ObserveInterval { get; set; } = TimeSpan.FromMilliseconds(60);

    /// <summary>
    /// Whether a process counts as dead as soon as its session with the database has ended and its links (see
    /// <see cref="Hosting.PeerLinkEndpoint"/>) are closed. It works only where the database sees a process at one of its own addresses, with
    /// no proxy between; elsewhere the time to live serves, as it does without.
    /// </summary>
    public bool DetectEndedProcesses { get; set; } = true;

    /// <summary>How long living members must have been unreachable to each other, without a change, before one side is sent away.</summary>
    public TimeSpan PartitionStableAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How much longer the smaller side of a partition waits, so that the larger one wins if it can.</summary>
    public TimeSpan SmallerSideWaits { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A member that was unreachable for so long in sum within <see cref="FlappingWindow"/> is sent away although it came back each time. Of a
    /// link that is cut for 4 s of each 8 s, Akka's failure detector shows some 2 s.
    /// </summary>
    public TimeSpan FlappingLimit { get; set; } = TimeSpan.FromSeconds(6);

    public TimeSpan FlappingWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After which a process that has not become a member ends, to be started again.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a statement may take before its connection is given up.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// What happens when this process may not go on (see <see cref="NodeEnd"/>). Null: it logs why, and exits with the end's code, by
    /// SIGKILL if it has not ended after two seconds.
    /// </summary>
    public Action<NodeEnd, string>? OnEnd { get; set; }

    /// <summary>How long after a link has ended without a word it says something of its process.</summary>
    internal static TimeSpan LinkWindow { get; } = TimeSpan.FromSeconds(1);

    internal TimeSpan RenewInterval => TimeToLive / 4;

    /// <summary>
    /// How long an observer's reading, or the time between two, may take without that all counts begin anew. Long enough for a busy machine;
    /// short enough that whoever was silent for <see cref="DeadAfter"/> could have renewed in between.
    /// </summary>
    internal TimeSpan LongestGap => TimeToLive / 2;

    /// <summary>
    /// How long an observer's own counter may rest without that all counts begin anew. Longer than a renewal and a reading are apart; shorter
    /// than another takes to be dead whose last renewal was one interval before this one's.
    /// </summary>
    internal TimeSpan LongestOwnRest => LongestGap + RenewInterval;

    /// <summary>From the sending of the last successful renewal, by this process's own clock.</summary>
    internal TimeSpan OwnDeadline => TimeToLive * (1 - RateMargin);

    /// <summary>How long an observer must have seen the same counter, by its own clock.</summary>
    internal TimeSpan DeadAfter => TimeToLive * (1 + RateMargin);

    /// <summary>
    /// How long what a process had begun to answer when it stopped serving may still take: what lies between a deadline and a death.
    /// </summary>
    internal TimeSpan LastAnswers => DeadAfter - OwnDeadline;

    /// <summary>Of statements that renew or observe: given up within a time to live, so that another connection can be tried.</summary>
    internal TimeSpan LivenessTimeout => StatementTimeout < TimeToLive / 2 ? StatementTimeout : TimeToLive / 2;

    /// <exception cref="ClusterRefusedException">An option is missing or does not fit another.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(ConnectionString), "needs a connection string");
        Require(!string.IsNullOrWhiteSpace(Cluster), "needs a name");
        Require(TimeToLive >= TimeSpan.FromMilliseconds(200), "needs a time to live of 200 ms at least");
        Require(StatementTimeout >= TimeSpan.FromMilliseconds(100), "needs a statement timeout of 100 ms at least");
        Require(RateMargin is > 0 and < 0.5, "needs a rate margin above 0 and below 0.5");
        Require(ObserveInterval > TimeSpan.Zero && ObserveInterval <= TimeToLive / 4,
            "must read the members at least four times within a time to live");
        Require(PartitionStableAfter > TimeSpan.Zero && SmallerSideWaits > TimeSpan.Zero, "has a wait that is not positive");
        Require(FlappingLimit > PartitionStableAfter && FlappingWindow > FlappingLimit,
            "needs PartitionStableAfter < FlappingLimit < FlappingWindow");
        Require(JoinTimeout > TimeToLive, "needs a join timeout above the time to live");
        Require(ShardCounts.All(each => each.Value is > 0 and <= 100_000), "has a region whose number of shards is not in 1 to 100,000");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ClusterRefusedException($"The cluster {Cluster} {what}.");
        }
    }
}
