using System.Net;
using System.Net.Sockets;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using static AkkaScale.Tests.EndToEnd.RefusedNode;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>A node that cannot run right refuses to start, with an exit code and a message that names what to change.</summary>
public sealed class BadStartTests
{
    [Theory]
    [InlineData("Cluster:ShardCount", "--shards", "0")]
    [InlineData("Cluster:ShardCount", "--shards", "many")]
    [InlineData("Cluster:TimeToLive", "--AkkaScale:Cluster:TimeToLive", "00:00:00.1")]
    [InlineData("Sharding:MaxAsks", "--AkkaScale:Sharding:MaxAsks", "0")]
    [InlineData("Secret", "--AkkaScale:Cluster:Secret", "no such setting")]
    [InlineData("Cluster:Name", "--cluster", "")]
    [InlineData("Node:Roles", "--roles", "wizard")]
    [InlineData("Node:ClusterBind", "--cluster-bind", "nowhere")]
    [InlineData("Node:ManagementBind", "--management-bind", "127.0.0.1:99999")]
    [InlineData("Node:GatewayBind", "--gateway-bind", "nowhere")]
    [InlineData("Store:Kind", "--store", "oracle")]
    public async Task A_bad_option_is_refused_by_name(string key, string option, string value)
    {
        await using var store = new SqliteTestStore();

        await RefusesAsync(store, ConfigurationRefused, [option, value], key);
    }

    [Fact]
    public async Task A_cluster_port_off_loopback_in_plain_text_has_to_be_allowed_by_name()
    {
        await using var store = new SqliteTestStore();

        await RefusesAsync(store, ConfigurationRefused, ["--cluster-bind", $"192.0.2.1:{FreePorts.Take()}"], "Node:AllowPlaintext", "controls the cluster");
    }

    [Fact]
    public async Task A_management_port_off_loopback_needs_a_token_and_lets_nobody_in_without()
    {
        await using var store = new SqliteTestStore();
        string[] everywhere =
        [
            "--management-bind", $"0.0.0.0:{FreePorts.Take()}", "--AkkaScale:Node:ManagementAdvertise", "192.0.2.1:8558",
        ];
        await RefusesAsync(
            store, ConfigurationRefused, [.. everywhere, "--management-anonymous", ""], "not a loopback address", "there is no token", "Management:TokenFile", "pbm token create");

        var tokens = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(tokens, AccessCluster.TokenLines);
            await RefusesAsync(
                store, ConfigurationRefused, [.. everywhere, "--management-token-file", tokens, "--management-anonymous", "viewer"], "Management:Anonymous is viewer");
            await File.WriteAllTextAsync(tokens, "otto operator secret-word\n");
            await RefusesAsync(store, ConfigurationRefused, [.. everywhere, "--management-token-file", tokens, "--management-anonymous", ""], "line 1", "64 hex digits");
        }
        finally
        {
            File.Delete(tokens);
        }
    }

    [Fact]
    public async Task PostgreSQL_without_a_connection_string_is_refused()
    {
        await using var store = new SqliteTestStore();

        await RefusesAsync(store, ConfigurationRefused, ["--store", "postgres"], "Store:ConnectionString");
    }

    /// <summary>It could not tell two spellings of one id.</summary>
    [Fact]
    public async Task A_process_in_invariant_mode_is_refused()
    {
        await using var store = new SqliteTestStore();
        var program = NodeProgram.Of(Repository.NodeProgram);
        var invariant = program with
        {
            Executable = "env",
            Arguments = ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", program.Executable, .. program.Arguments],
        };

        await RefusedNode.RefusesAsync(
            new NodeSettings { Name = "refused", Store = store, Program = invariant },
            ConfigurationRefused, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "libicu");
    }

    [Fact]
    public async Task A_store_that_is_down_at_start_is_named_and_the_node_gives_up()
    {
        await using var store = new SqliteTestStore();
        var port = FreePorts.Take();

        await RefusesAsync(
            store,
            StoreNotReachable,
            ["--store", "postgres", "--connection-string", $"Host=127.0.0.1;Port={port};Username=nobody;Password=secret-word;Database=none", "--AkkaScale:Store:StartTimeout", "00:00:02"],
            port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_directory_that_cannot_hold_the_embedded_store_is_named()
    {
        await using var store = new SqliteTestStore();
        var file = Path.GetTempFileName();
        try
        {
            await RefusesAsync(store, ConfigurationRefused, ["--store-path", file], file, "Store:Path");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--cluster-bind")]
    [InlineData("--management-bind")]
    [InlineData("--gateway-bind")]
    public async Task A_port_in_use_is_named(string option)
    {
        await using var store = new SqliteTestStore();
        using var other = new TcpListener(IPAddress.Loopback, FreePorts.Take());
        other.Start();
        var address = other.LocalEndpoint.ToString()!;

        await RefusesAsync(store, ConfigurationRefused, [option, address], address, "in use", option);
    }

    private static Task RefusesAsync(TestStore store, int exitCode, IReadOnlyList<string> arguments, params IReadOnlyList<string> words) =>
        RefusedNode.RefusesAsync(new NodeSettings { Name = "refused", Store = store, Arguments = arguments }, exitCode, words);
}
