using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>One start of a node. Goes to a child process as JSON.</summary>
/// <param name="Name">For people, and the name of its log.</param>
internal sealed record ProbeNodeSettings(string Name, StoreKind Store, string ConnectionString)
{
    public string Cluster { get; init; } = "probe";

    /// <summary>Of remoting, on loopback.</summary>
    public int Port { get; init; } = LoopbackPorts.Next();

    /// <summary>Mutual TLS between the nodes; none unless set.</summary>
    public ClusterTlsOptions Tls { get; init; } = new();

    /// <summary>Where the contact point of Cluster Bootstrap is served.</summary>
    public int ManagementPort { get; init; } = LoopbackPorts.Next();

    public int Shards { get; init; } = 20;

    /// <summary>Of the product when null; short ones make a cut cheap to wait for.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public TimeSpan? JoinTimeout { get; init; }

    public TimeSpan? StatementTimeout { get; init; }

    /// <summary>
    /// Whether shards are allocated where their leases are held. Without, nothing heals what the leases themselves do wrong.
    /// </summary>
    public bool FollowsLeases { get; init; } = true;

    /// <summary>Whether shards are steered: orders, a plan of the balance, a published map. Leases are followed too.</summary>
    public bool IsSteered { get; init; }

    /// <summary>Whether it is told to join one who has just gone. For one that comes to members.</summary>
    public bool IsToldAstray { get; init; }

    /// <summary>Whether remoting's links can be cut; then all nodes' addresses say <c>akka.trttl.tcp</c>.</summary>
    public bool HasLinksToCut { get; init; }

    /// <summary>Of remoting, as Akka writes it.</summary>
    public string Address => $"akka.{(HasLinksToCut ? "trttl." : "")}tcp://{SystemName}@127.0.0.1:{Port}";

    public const string SystemName = "probe";
}
