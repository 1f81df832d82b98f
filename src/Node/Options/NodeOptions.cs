using System.Net;

namespace AkkaScale.Node.Options;

/// <summary>This process. Bound from section AkkaScale:Node, validated at start.</summary>
public sealed class NodeOptions
{
    public const string EntityRole = "entity";
    public const string GatewayRole = "gateway";

    /// <summary>For people; two members may share it, but should not.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Comma separated: entity hosts shards, gateway serves HTTP.</summary>
    public string Roles { get; set; } = $"{EntityRole},{GatewayRole}";

    public string ClusterBind { get; set; } = "127.0.0.1:4053";

    /// <summary>host:port that peers connect to; as bound if empty.</summary>
    public string ClusterAdvertise { get; set; } = "";

    public string ManagementBind { get; set; } = "127.0.0.1:8558";

    public string ManagementAdvertise { get; set; } = "";

    public string GatewayBind { get; set; } = "127.0.0.1:8080";

    /// <summary>Connections on the gateway port at a time; beyond it the one without a request for longest is closed.</summary>
    public int MaxGatewayConnections { get; set; } = 10_000;

    /// <summary>The same on the management port.</summary>
    public int MaxManagementConnections { get; set; } = 256;

    /// <summary>Bound on a graceful stop, from the signal to the exit.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Remoting in plain text on another address than loopback. Whoever reaches that port controls the cluster.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>Whether operators may have this node end or pause itself, to see what the others do.</summary>
    public bool AllowDrills { get; set; }

    public IReadOnlyList<string> RoleNames =>
        [.. Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(role => role.ToLowerInvariant())];

    public bool IsGateway => HasRole(GatewayRole);

    public bool HasRole(string role) => RoleNames.Contains(role);

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Name.Length is 0 or > 100 || Name.Any(char.IsControl))
        {
            yield return "Node:Name must have 1 to 100 characters and no control characters.";
        }

        var known = new[] { EntityRole, GatewayRole };
        var unknown = RoleNames.Except(known).ToArray();
        if (RoleNames.Count == 0 || unknown.Length > 0)
        {
            yield return $"Node:Roles is \"{Roles}\": name one or both of {string.Join(", ", known)}.";
        }

        foreach (var problem in ValidateBind("Node:ClusterBind", ClusterBind, ClusterAdvertise)
            .Concat(ValidateBind("Node:ManagementBind", ManagementBind, ManagementAdvertise)))
        {
            yield return problem;
        }

        if (!IPEndPoint.TryParse(GatewayBind, out var gateway) || gateway.Port == 0)
        {
            yield return $"Node:GatewayBind is \"{GatewayBind}\": give address:port with a fixed port, for example 127.0.0.1:8080.";
        }

        if (MaxGatewayConnections is < 16 or > 1_000_000 || MaxManagementConnections is < 16 or > 1_000_000)
        {
            yield return $"Node:MaxGatewayConnections is {MaxGatewayConnections} and Node:MaxManagementConnections {MaxManagementConnections}: set 16 to 1,000,000.";
        }

        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"Node:ShutdownTimeout is {ShutdownTimeout}: set 1 second to 10 minutes.";
        }
    }

    private static IEnumerable<string> ValidateBind(string key, string bind, string advertise)
    {
        if (!IPEndPoint.TryParse(bind, out var endpoint) || endpoint.Port == 0)
        {
            yield return $"{key} is \"{bind}\": give address:port with a fixed port, for example 127.0.0.1:4053.";
            yield break;
        }

        var isAny = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
        if (isAny && advertise.Length == 0)
        {
            yield return $"{key} is bound to all addresses: set {key.Replace("Bind", "Advertise")} to the host:port under which others reach this node.";
        }
    }
}
