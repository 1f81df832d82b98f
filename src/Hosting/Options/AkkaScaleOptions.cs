using AkkaScale.Hosting.Access;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Allocation;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Hosting.Options;

/// <summary>Everything under section AkkaScale.</summary>
public sealed class AkkaScaleOptions
{
    public const string Section = "AkkaScale";

    public ClusterOptions Cluster { get; set; } = new();

    public NodeOptions Node { get; set; } = new();

    public ManagementOptions Management { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public TransportOptions Transport { get; set; } = new();

    public ShardingOptions Sharding { get; set; } = new();

    public AllocationOptions Allocation { get; set; } = new();

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
            throw new OptionsRefusedException([$"Section {Section}: {wrong.Message} {wrong.InnerException?.Message}".Trim()]);
        }

        var problems = options.Cluster.Validate()
            .Concat(options.Node.Validate(options.Cluster.Secret))
            .Concat(options.Management.Validate(options.Node.ManagementBind))
            .Concat(ClusterPortCheck.Problems(options.Node.ClusterBind, options.Cluster, options.Transport))
            .Concat(options.Store.Validate())
            .Concat(options.Sharding.Validate())
            .Concat(options.Allocation.Validate())
            .ToArray();
        return problems.Length == 0 ? options : throw new OptionsRefusedException(problems);
    }
}
