using AkkaScale.Hosting;

namespace AkkaScale.TestKit.InProcess;

/// <summary>How a cluster in one process is made.</summary>
public sealed record InProcessOptions
{
    /// <summary>Nodes at the start, named node-1, node-2, …</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Few, because every test starts them anew.</summary>
    public int ShardCount { get; init; } = 12;

    /// <summary>
    /// Longer than that of a real cluster: time is advanced in steps of a sixth of it, and a takeover after a crash must fit into a command's timeout.
    /// </summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whether waiting (for an answer, for a node to be up) advances the clock by itself. If not, only <see cref="InProcessCluster.AdvanceAsync"/> does,
    /// but for the start.
    /// </summary>
    public bool AdvancesByItself { get; init; } = true;

    /// <summary>Further settings of every node, as on its command line: "--AkkaScale:Sharding:PassivateAfter=00:10:00".</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Declares the entity kinds, and whatever else the program declares on its builder.</summary>
    public required Action<AkkaScaleNodeBuilder> Configure { get; init; }
}
