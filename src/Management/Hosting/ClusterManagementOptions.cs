using AkkaScale.Management.Access;

namespace AkkaScale.Management.Hosting;

/// <summary>What the management port has to know of the process it runs in.</summary>
public sealed class ClusterManagementOptions
{
    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>Of this process.</summary>
    public required string NodeName { get; init; }

    /// <summary>sqlite or postgres.</summary>
    public required string Store { get; init; }

    /// <summary>Address and port that it is bound to.</summary>
    public required string Bind { get; init; }

    public required ManagementOptions Access { get; init; }

    /// <summary>Address and port of the HTTP edge; null: this process has none.</summary>
    public string? GatewayBind { get; init; }

    /// <summary>Whether operators may have this process end or pause itself.</summary>
    public bool AllowDrills { get; init; }

    /// <summary>Settings by name, for comparing nodes; nothing that gives access to anything.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>After which a process without a sign of life is declared dead.</summary>
    public required TimeSpan TimeToLive { get; init; }
}
