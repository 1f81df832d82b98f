using System.Net;
using System.Security.Cryptography;
using System.Text;
using AkkaScale.TestKit.Networks;

namespace AkkaScale.TestKit.Processes;

/// <summary>How a node's process is started. Ports are chosen free when the settings are made.</summary>
public record NodeProcessSettings(NodeProgram Program)
{
    /// <summary>The token of an operator that nodes off loopback take; on loopback they take orders without one. For tests alone: it is no secret.</summary>
    public const string ManagementToken = "akkascale-testkit-operator";

    public required string Name { get; init; }

    public string Roles { get; init; } = "entity,gateway";

    public int ClusterPort { get; init; } = FreePorts.Take();

    public int ManagementPort { get; init; } = FreePorts.Take();

    public int GatewayPort { get; init; } = FreePorts.Take();

    /// <summary>Where the node lives on a network of its own; null: on this machine's loopback.</summary>
    public SpecHost? Host { get; init; }

    /// <summary>Further command line arguments; later ones win over the ones made from the properties above.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Logs of all processes are kept there, so that a failure can be read afterwards.</summary>
    public string LogDirectory { get; init; } = Path.Combine(Path.GetTempPath(), "akkascale-test-logs");

    /// <summary>The address that the node's ports are bound to.</summary>
    public string Address => Host?.Address ?? "127.0.0.1";

    /// <summary>What a node is told about its store, and whatever else all nodes of a spec are told.</summary>
    protected virtual IEnumerable<string> SharedArguments => [];

    private IEnumerable<string> Access => IPAddress.TryParse(Address, out var address) && IPAddress.IsLoopback(address)
        ? ["--management-anonymous", "operator"]
        :
        [
            "--AkkaScale:Management:Tokens:0:Name", "testkit",
            "--AkkaScale:Management:Tokens:0:Role", "operator",
            "--AkkaScale:Management:Tokens:0:Sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ManagementToken))),
        ];

    /// <summary>The whole command line of the node.</summary>
    public IEnumerable<string> CommandLine =>
    [
        "--name", Name,
        "--roles", Roles,
        "--cluster-bind", $"{Address}:{ClusterPort}",
        "--management-bind", $"{Address}:{ManagementPort}",
        "--gateway-bind", $"{Address}:{GatewayPort}",
        .. Access,
        .. SharedArguments,
        .. Arguments,
    ];
}
