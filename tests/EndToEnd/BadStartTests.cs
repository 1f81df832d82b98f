using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>A node that cannot run right refuses to start, with an exit code and a message that names what to change.</summary>
public sealed class BadStartTests
{
    private const int ConfigurationRefused = 64;
    private const int StoreNotReachable = 69;

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Cluster:ShardCount", "--shards", "0")]
    [InlineData("Cluster:ShardCount", "--shards", "many")]
    [InlineData("Cluster:LeaseTtl", "--AkkaScale:Cluster:LeaseTtl", "00:00:00.1")]
    [InlineData("Cluster:ClockDrift", "--AkkaScale:Cluster:ClockDrift", "0.9")]
    [InlineData("Cluster:Name", "--cluster", "")]
    [InlineData("Node:Roles", "--roles", "wizard")]
    [InlineData("Node:ClusterBind", "--cluster-bind", "nowhere")]
    [InlineData("Node:ManagementBind", "--management-bind", "127.0.0.1:99999")]
    [InlineData("Node:GatewayBind", "--gateway-bind", "nowhere")]
    [InlineData("Store:Kind", "--store", "oracle")]
    public async Task A_bad_option_is_refused_by_name(string key, string option, string value)
    {
        await using var store = await TestStore.CreateAsync(TestStore.Sqlite);

        await RefusesAsync(store, ConfigurationRefused, [option, value], key);
    }

    [Theory]
    [InlineData("--cluster-bind")]
    [InlineData("--management-bind")]
    public async Task An_address_off_loopback_needs_the_cluster_secret(string option)
    {
        await using var store = await TestStore.CreateAsync(TestStore.Sqlite);

        await RefusesAsync(store, ConfigurationRefused, [option, $"0.0.0.0:{FreePorts.Take()}"], "Cluster:Secret");
    }

    [Fact]
    public async Task PostgreSQL_without_a_connection_string_is_refused()
    {
        await using var store = await TestStore.CreateAsync(TestStore.Sqlite);

        await RefusesAsync(store, ConfigurationRefused, ["--store", "postgres"], "Store:ConnectionString");
    }

    [Fact]
    public async Task Another_shard_count_or_cluster_name_than_the_stored_one_is_refused()
    {
        await using var store = await TestStore.CreateAsync(TestStore.Sqlite);
        await using (var first = NodeProcess.Start(new NodeSettings { Name = "first", Store = store }))
        {
            await first.WaitUntilReady(StartBound);
            first.Terminate();
            Assert.Equal(0, await first.WaitForExitAsync(EndBound));
        }

        await RefusesAsync(store, ConfigurationRefused, ["--shards", "128"], "256", "128");
        await RefusesAsync(store, ConfigurationRefused, ["--cluster", "intruder"], "akkascale", "intruder");
    }

    [Fact]
    public async Task A_store_that_is_down_at_start_is_named_and_the_node_gives_up()
    {
        await using var store = await TestStore.CreateAsync(TestStore.Sqlite);
        var port = FreePorts.Take();

        await RefusesAsync(
            store,
            StoreNotReachable,
            ["--store", "postgres", "--connection-string", $"Host=127.0.0.1;Port={port};Username=nobody;Password=secret-word;Database=none", "--AkkaScale:Store:StartTimeout", "00:00:02"],
            port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task RefusesAsync(TestStore store, int exitCode, IReadOnlyList<string> arguments, params IReadOnlyList<string> words)
    {
        await using var node = NodeProcess.Start(new NodeSettings { Name = "refused", Store = store, Arguments = arguments });
        var actual = await node.WaitForExitAsync(EndBound);

        // The first line of the captured log is the command line, which names everything anyway.
        var said = node.Log[(node.Log.IndexOf('\n') + 1)..];
        Assert.True(actual == exitCode, $"ended with {actual} where {exitCode} was expected:\n{said}");
        Assert.All(words, word => Assert.Contains(word, said));
        Assert.DoesNotContain("   at ", said); // a person reads this, not a debugger
        Assert.DoesNotContain("secret-word", said);
    }
}
