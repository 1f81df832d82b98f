namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>A node of a test, in this process or in one of its own. A call to one that has ended or does not answer returns null.</summary>
internal interface IProbeNode : IAsyncDisposable
{
    ProbeNodeSettings Settings { get; }

    string Name => Settings.Name;

    /// <summary>Completes when it has ended, by whatever cause, with its exit code and what it said.</summary>
    Task<NodeEnding> Ended { get; }

    /// <summary>Sends a command to an entity by way of this node.</summary>
    Task<Noticed?> NoteAsync(string entity, string commandId, TimeSpan within);

    Task<Contents?> ReadAsync(string entity, TimeSpan within);

    Task<NodeReport?> ReportAsync(TimeSpan within);

    /// <summary>From now on nothing passes to or from the other node's remoting, without either being told.</summary>
    Task CutAsync(IProbeNode other, LinkDirection direction);

    Task HealAsync(IProbeNode other);

    /// <summary>The last lines of its log.</summary>
    IReadOnlyList<string> Tail(int lines);
}

/// <param name="Code">Of the process; for a node in this process the value of its <see cref="AkkaScale.Cluster.Options.NodeEnd"/>.</param>
internal sealed record NodeEnding(int Code, string Reason);
