using AkkaScale.Node.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Tests.Unit.Node;

public sealed class AkkaScaleOptionsTests
{
    [Fact]
    public void The_defaults_work() => Assert.Equal((128, "akkascale"), (Read().Sharding.ShardCount, Read().Cluster.Name));

    [Fact]
    public void The_switch_for_shards_counts_those_of_each_region() =>
        Assert.Equal(16, Read((AkkaScaleOptions.Switches["--shards"], "16")).Sharding.ShardCount);

    [Theory]
    [InlineData("Node:Color", "blue", "Color")]
    [InlineData("Node:Roles", "", "Node:Roles")]
    [InlineData("Node:ClusterBind", "here", "Node:ClusterBind is \"here\"")]
    [InlineData("Node:ClusterBind", "127.0.0.1:0", "fixed port")]
    [InlineData("Node:GatewayBind", "8080", "Node:GatewayBind")]
    [InlineData("Node:ShutdownTimeout", "00:00:00", "Node:ShutdownTimeout")]
    [InlineData("Management:Anonymous", "wizard", "Management:Anonymous is \"wizard\"")]
    [InlineData("Management:TokenFile", "/no/such/file", "/no/such/file")]
    [InlineData("Management:Tokens:0:Name", "a", "Management:Tokens:0: the role")]
    [InlineData("Management:Tokens:0:Token", "a", "Token")]
    [InlineData("Store:Kind", "postgres", "Store:ConnectionString is empty")]
    [InlineData("Store:ConnectionString", "Host=x", "Store:Kind to postgres")]
    [InlineData("Node:ClusterBind", "0.0.0.0:4053", "Node:ClusterAdvertise")]
    [InlineData("Node:ClusterBind", "192.0.2.1:4053", "Node:AllowPlaintext")]
    [InlineData("Node:ClusterAdvertise", "node-1:4053", "Node:AllowPlaintext")]
    [InlineData("Node:ClusterAdvertise", "127.0.0.1", "give host:port")]
    [InlineData("Node:Roles", "wizard", "Node:Roles")]
    [InlineData("Node:ManagementBind", "192.0.2.1:8558", "there is no token")]
    [InlineData("Cluster:Name", "", "Cluster:Name")]
    [InlineData("Cluster:Name", "a b", "Cluster:Name")]
    [InlineData("Cluster:Name", "-a", "Cluster:Name")]
    [InlineData("Cluster:ShardCount", "0", "ShardCount")]
    [InlineData("Cluster:TimeToLive", "00:00:00.1", "Cluster:TimeToLive")]
    [InlineData("Cluster:Secret", "0123456789abcdef", "Secret")]
    [InlineData("Transport:MaxConnections", "3", "Transport")]
    [InlineData("Sharding:MaxAsks", "0", "Sharding:MaxAsks")]
    [InlineData("Store:Kind", "oracle", "Store:Kind is \"oracle\"")]
    public void What_cannot_work_is_refused_and_says_what_to_change(string key, string value, string says)
    {
        var refused = Assert.Throws<OptionsRefusedException>(() => Read(($"AkkaScale:{key}", value)));
        Assert.Contains(says, refused.Message);
    }

    [Fact]
    public void Off_loopback_plain_text_must_be_allowed_by_name_and_no_secret_is_asked_for()
    {
        var options = Read(("AkkaScale:Node:ClusterBind", "192.0.2.1:4053"), ("AkkaScale:Node:AllowPlaintext", "true"));
        Assert.True(options.Node.AllowPlaintext);
    }

    [Theory]
    [InlineData("127.0.0.1:4053", "", "127.0.0.1", 4053, "http://127.0.0.1:4053/")]
    [InlineData("0.0.0.0:4053", "node-1:4054", "node-1", 4054, "http://node-1:4054/")]
    [InlineData("[::1]:4053", "", "::1", 4053, "http://[::1]:4053/")]
    public void What_others_connect_to_is_what_is_advertised(string bind, string advertise, string host, int port, string url)
    {
        var reached = HostPort.Of(bind, advertise);
        Assert.Equal((host, port, url), (reached.Host, reached.Port, reached.Url.ToString()));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":1")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData("host:+1")]
    public void What_is_no_host_and_port_is_none(string text) => Assert.Null(HostPort.Parse(text));

    [Fact]
    public void Every_switch_names_a_setting_that_exists() => Assert.All(
        AkkaScaleOptions.Switches.Values,
        key =>
        {
            var path = key.Split(':').Skip(1).ToArray();
            var level = typeof(AkkaScaleOptions);
            foreach (var name in path)
            {
                level = level.GetProperty(name)?.PropertyType ?? throw new InvalidOperationException($"{key} does not exist.");
            }
        });

    [Fact]
    public void Environment_spelling_is_understood() => Assert.Equal("n-7", Read(("AKKASCALE:NODE:NAME", "n-7")).Node.Name);

    private static AkkaScaleOptions Read(params (string Key, string? Value)[] settings) => AkkaScaleOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build());
}
