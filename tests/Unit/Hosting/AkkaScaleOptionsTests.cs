using AkkaScale.Hosting.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class AkkaScaleOptionsTests
{
    [Fact]
    public void The_defaults_work() => Assert.Equal("sqlite", Read().Store.Kind);

    [Fact]
    public void Environment_spelling_is_understood()
    {
        var options = Read(("AKKASCALE:NODE:NAME", "n-7"), ("AKKASCALE:CLUSTER:LEASETTL", "00:00:04"));
        Assert.Equal("n-7", options.Node.Name);
        Assert.Equal(TimeSpan.FromSeconds(4), options.Cluster.LeaseTtl);
    }

    [Theory]
    [InlineData("Store:Kind", "mysql", "Store:Kind is \"mysql\"")]
    [InlineData("Store:Kind", "postgres", "Store:ConnectionString is empty")]
    [InlineData("Store:ConnectionString", "Host=x", "Store:Kind to postgres")]
    [InlineData("Node:Roles", "entity,wizard", "Node:Roles")]
    [InlineData("Node:Roles", "", "Node:Roles")]
    [InlineData("Node:ClusterBind", "here", "Node:ClusterBind is \"here\"")]
    [InlineData("Node:ClusterBind", "127.0.0.1:0", "fixed port")]
    [InlineData("Node:ClusterBind", "0.0.0.0:4053", "Cluster:Secret")]
    [InlineData("Node:ManagementBind", "192.0.2.1:8558", "Cluster:Secret")]
    [InlineData("Node:ManagementBind", "192.0.2.1:8558", "there is no token")]
    [InlineData("Management:Anonymous", "wizard", "Management:Anonymous is \"wizard\"")]
    [InlineData("Management:TokenFile", "/no/such/file", "/no/such/file")]
    [InlineData("Management:Tokens:0:Name", "a", "Management:Tokens:0: the role")]
    [InlineData("Management:Tokens:0:Token", "a", "Token")]
    [InlineData("Node:GatewayBind", "8080", "Node:GatewayBind")]
    [InlineData("Node:ShutdownTimeout", "00:00:00", "Node:ShutdownTimeout")]
    [InlineData("Cluster:ShardCount", "0", "ShardCount")]
    [InlineData("Cluster:LeaseTtl", "00:00:00.01", "LeaseTtl")]
    [InlineData("Cluster:ClockDrift", "0.9", "ClockDrift")]
    [InlineData("Cluster:ShardCount", "many", "ShardCount")]
    [InlineData("Sharding:BatchEvents", "0", "Sharding:BatchEvents")]
    [InlineData("Sharding:CommandWindow", "00:01:00", "Sharding:CommandWindow")]
    [InlineData("Cluster:Shards", "3", "Shards")]
    public void What_cannot_work_is_refused_and_says_what_to_change(string key, string value, string says)
    {
        var refused = Assert.Throws<OptionsRefusedException>(() => Read(($"AkkaScale:{key}", value)));
        Assert.Contains(says, refused.Message);
    }

    [Fact]
    public void An_address_for_everybody_must_say_how_others_reach_it()
    {
        var secret = ("AkkaScale:Cluster:Secret", "0123456789abcdef");
        var refused = Assert.Throws<OptionsRefusedException>(() => Read(secret, ("AkkaScale:Node:ClusterBind", "0.0.0.0:4053")));
        Assert.Contains("Node:ClusterAdvertise", refused.Message);
        Read(secret, ("AkkaScale:Node:ClusterBind", "0.0.0.0:4053"), ("AkkaScale:Node:ClusterAdvertise", "node-1:4053"));
    }

    [Fact]
    public void Every_switch_names_a_setting_that_exists() => Assert.All(
        AkkaScaleOptions.Switches.Values,
        key =>
        {
            var path = key.Split(':').Skip(1).ToArray();
            object? level = new AkkaScaleOptions();
            foreach (var name in path)
            {
                level = level!.GetType().GetProperty(name)?.GetValue(level) ?? throw new InvalidOperationException($"{key} does not exist.");
            }
        });

    private static AkkaScaleOptions Read(params (string Key, string Value)[] settings) => AkkaScaleOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
