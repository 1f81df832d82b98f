using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>A node loses its database at the moment it is told to stop: nobody can be told what it gives away.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class StopWithoutDatabaseTests(PostgresCluster shared, ITestOutputHelper output) : ShutdownTests
{
    /// <summary>The others found it dead and let go of it before its own time was over.</summary>
    private const int Removed = 84;

    /// <summary>A second signal sooner than this is the same order again.</summary>
    private static readonly TimeSpan SameOrder = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task It_ends_in_its_time_and_not_with_0_its_log_names_what_it_had_and_the_others_take_it_over()
    {
        var cluster = await shared.MendedAsync();
        await using PostgresRelay cut = Relay(cluster), silent = Relay(cluster);
        var patient = JoinAsync(cluster, "node-4", cut);
        var hasty = JoinAsync(cluster, "node-5", silent, "--AkkaScale:Node:ShutdownTimeout", "00:00:02");
        NodeProcess[] guests = [await patient, await hasty];
        await cluster.WaitUntilBalanced(Bound);
        await using var clients = await ShutdownClients.StartAsync(cluster);
        var shards = await Task.WhenAll(guests.Select(cluster.ShardsOfAsync));

        cut.BeginOutage(Manner.Cut);
        silent.BeginOutage(Manner.Silent);
        guests[0].Terminate();
        guests[1].Terminate();

        Assert.Equal(NotHandedOver, await guests[1].WaitForExitAsync(StopBound));
        Assert.Contains("its time to leave, 1.2 s, is over", guests[1].Log, StringComparison.Ordinal);
        Assert.True(await guests[0].WaitForExitAsync(StopBound) is NotHandedOver or Removed, guests[0].Tail());
        foreach (var (guest, owned) in guests.Zip(shards))
        {
            AssertNamed(guest, owned);
            Assert.DoesNotContain(Left, guest.Log, StringComparison.Ordinal);
        }

        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once_and_one_that_is_only_passed_on_does_not()
    {
        var cluster = await shared.MendedAsync();
        await using var silent = Relay(cluster);
        var guest = await JoinAsync(cluster, "node-4", silent);
        await cluster.WaitUntilBalanced(Bound);
        await using var clients = await ShutdownClients.StartAsync(cluster);
        var owned = await cluster.ShardsOfAsync(guest);

        silent.BeginOutage(Manner.Silent);
        guest.Terminate();
        await Task.Delay(SameOrder * 1.5);
        guest.Terminate();
        Assert.Equal(NotHandedOver, await guest.WaitForExitAsync(StopBound));
        Assert.Contains("a second signal to stop", guest.Log, StringComparison.Ordinal);
        AssertNamed(guest, owned);
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();

        var node = cluster.Node("node-2");
        node.Terminate();
        node.Terminate();
        await LeavesAsync(node);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }

    private static PostgresRelay Relay(ClusterFixture cluster) => new(((PostgresTestStore)cluster.Store).ConnectionString);

    private static Task<NodeProcess> JoinAsync(ClusterFixture cluster, string name, PostgresRelay relay, params IReadOnlyList<string> arguments) =>
        cluster.JoinAsync(new NodeSettings
        {
            Name = name,
            Store = cluster.Store,
            Arguments = ["--connection-string", relay.ConnectionString, .. arguments],
        });

    /// <summary>As shards that it still holds, or as leases that it lost or could not free.</summary>
    private static void AssertNamed(NodeProcess node, IReadOnlySet<string> shards)
    {
        Assert.NotEmpty(shards);
        var words = node.Log.Split([' ', '\n', ',', '(', ')', '.'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        Assert.All(shards, shard => Assert.True(
            words.Contains(shard) || words.Contains($"akkascale-shard-{shard.Replace('/', '-')}"), $"{shard} is not named:\n{node.Tail()}"));
    }
}
