namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>One thing that is done to a running cluster, seen to have an effect, and taken back.</summary>
/// <param name="Name">On the command line, in the history and in the report.</param>
/// <param name="Does">In words, for --help.</param>
/// <param name="Area">What it needs for itself: two at once are of different areas.</param>
/// <param name="StrikeAsync">Returns when it is taken back; what it leaves the cluster needs not have recovered.</param>
internal sealed record Nemesis(string Name, string Does, Area Area, Func<Strike, Task> StrikeAsync)
{
    /// <summary>Needs a database server: not for the embedded store.</summary>
    public bool NeedsDatabase { get; init; }

    /// <summary>Concerns all nodes, one after the other: nothing else is done at the same time.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Why it cannot be done on this machine, or null.</summary>
    public Func<Rig.ChaosCluster, string?> WhyNot { get; init; } = _ => null;
}

/// <summary>What a nemesis needs for itself.</summary>
internal enum Area
{
    Process,
    Network,
    Database,
}
