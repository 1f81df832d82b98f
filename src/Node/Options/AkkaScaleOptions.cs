using System.Net;
using AkkaScale.Cluster.Options;
using AkkaScale.Management.Access;
using AkkaScale.Node.Options;
using AkkaScale.Sharding.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Node.Options;

/// <summary>Everything under section AkkaScale.</summary>
public sealed class AkkaScaleOptions
{
    public const string Section = "AkkaScale";

    public NodeClusterOptions Cluster { get; set; } = new();

    public NodeOptions Node { get; set; } = new();

    /// <summary>Mutual TLS between nodes.</summary>
    public ClusterTlsOptions Tls { get; set; } = new();

    public ManagementOptions Management { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public EntityShardingOptions Sharding { get; set; } = new();

    /// <summary>Short command-line switches, as the configuration document lists them.</summary>
    public static IDictionary<string, string> Switches { get; } = new Dictionary<string, string>
    {
        ["--cluster"] = "AkkaScale:Cluster:Name",
        ["--shards"] = "AkkaScale:Cluster:ShardCount",
        ["--name"] = "AkkaScale:Node:Name",
        ["--roles"] = "AkkaScale:Node:Roles",
        ["--cluster-bind"] = "AkkaScale:Node:ClusterBind",
        ["--management-bind"] = "AkkaScale:Node:ManagementBind",
        ["--management-anonymous"] = "AkkaScale:Management:Anonymous",
        ["--management-token-file"] = "AkkaScale:Management:TokenFile",
        ["--gateway-bind"] = "AkkaScale:Node:GatewayBind",
        ["--store"] = "AkkaScale:Store:Kind",
        ["--store-path"] = "AkkaScale:Store:Path",
        ["--connection-string"] = "AkkaScale:Store:ConnectionString",
    };

    /// <exception cref="OptionsRefusedException">A setting has a wrong form, is unknown, or cannot work.</exception>
    public static AkkaScaleOptions Read(IConfiguration configuration)
    {
        var options = new AkkaScaleOptions();
        try
        {
            configuration.GetSection(Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException wrong)
        {
            throw new OptionsRefusedException(
                [$"Section {Section}: {wrong.Message} {wrong.InnerException?.Message}".Trim()]);
        }

        options.Sharding.ShardCount = options.Cluster.ShardCount ?? options.Sharding.ShardCount;
        var problems = options.Cluster.Validate()
            .Concat(options.Node.Validate())
            .Concat(options.Tls.Validate())
            .Concat(options.ValidateRemoting())
            .Concat(options.Management.Validate(options.Node.ManagementBind))
            .Concat(options.Store.Validate())
            .Concat(options.Sharding.Validate())
            .ToArray();
        return problems.Length == 0 ? options : throw new OptionsRefusedException(problems);
    }

    private IEnumerable<string> ValidateRemoting()
    {
        if (Node.ClusterAdvertise.Length > 0 && HostPort.Parse(Node.ClusterAdvertise) is null)
        {
            yield return $"Node:ClusterAdvertise is \"{Node.ClusterAdvertise}\": give host:port.";
        }

        if (Node.AllowPlaintext || Tls.IsSet || !IPEndPoint.TryParse(Node.ClusterBind, out _))
        {
            yield break;
        }

        const string instead = "give Tls:CertificateFile, Tls:KeyFile and Tls:AuthorityFile, or set Node:AllowPlaintext if the network keeps others out.";
        if (!ManagementOptions.IsLoopback(Node.ClusterBind))
        {
            yield return $"Node:ClusterBind is {Node.ClusterBind}, which is not a loopback address, and remoting is in plain text: whoever reaches that "
                + $"port controls the cluster. Bind to 127.0.0.1, {instead}";
        }
        else if (Node.ClusterAdvertise.Length > 0 && !IsLocal(HostPort.Parse(Node.ClusterAdvertise)))
        {
            yield return $"Node:ClusterAdvertise is {Node.ClusterAdvertise}, which is not a loopback address, and remoting is in plain text: advertise "
                + $"127.0.0.1, {instead}";
        }
    }

    private static bool IsLocal(HostPort? advertised) =>
        advertised is null || advertised.Host == "localhost" || (IPAddress.TryParse(advertised.Host, out var address) && IPAddress.IsLoopback(address));
}
