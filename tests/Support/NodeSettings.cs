using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support;

/// <summary>How a node process is started. Ports are chosen free when the settings are made.</summary>
public sealed record NodeSettings
{
    public required string Name { get; init; }

    public required TestStore Store { get; init; }

    /// <summary>The executable; the one that ships unless a test needs another.</summary>
    public string Program { get; init; } = Repository.NodeProgram;

    public string Roles { get; init; } = "entity,gateway";

    public int ClusterPort { get; init; } = FreePorts.Take();

    public int ManagementPort { get; init; } = FreePorts.Take();

    public int GatewayPort { get; init; } = FreePorts.Take();

    /// <summary>Further command line arguments; later ones win over the ones made from the properties above.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole command line of the node.</summary>
    internal IEnumerable<string> CommandLine =>
    [
        "--name", Name,
        "--roles", Roles,
        "--cluster-bind", $"127.0.0.1:{ClusterPort}",
        "--management-bind", $"127.0.0.1:{ManagementPort}",
        "--gateway-bind", $"127.0.0.1:{GatewayPort}",
        .. Store.Arguments,
        .. Arguments,
    ];
}
