using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

[Collection(Stores.Collection)]
public sealed class ForcedDownTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    /// <summary>The owner is alive, holds its lease and answers reads from memory at the moment it is declared down.</summary>
    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task No_read_is_stale_while_a_live_and_serving_owner_is_forced_down(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        await using var load = await HotEntityLoad.StartAsync(cluster.Gateways());
        using var management = cluster.Management();
        for (var round = 0; round < 4; round++)
        {
            var before = await management.WhereAsync("task", HotEntityLoad.Id);
            var owner = cluster.Node(before.Owner!);
            var incarnation = await cluster.IncarnationAsync(owner);

            // By name, through another node; every second time by incarnation, through the node itself.
            using var through = new ManagementClient((round % 2 == 0 ? cluster.Nodes.First(node => node != owner) : owner).Management);
            var order = await through.OrderAsync(round % 2 == 0 ? owner.Name : incarnation, "Down");
            Assert.Equal((owner.Name, incarnation, "Down"), (order.Name, order.NodeUid, order.Status));
            Assert.InRange(order.TakeoverWithinSeconds!.Value, 2.2, 3.0);

            await Eventually.Holds("the entity has another epoch", Bound, async () =>
                (await management.WhereAsync("task", HotEntityLoad.Id)) is { Owner: not null } now && now.Epoch > before.Epoch ? null : "the same");
            await load.ProgressAsync(100);
            await Eventually.Holds($"{owner.Name} is back as another incarnation", Bound, async () =>
                (await management.MembersAsync()).Any(member => member.Name == owner.Name && member.Status == "Up" && member.NodeUid != incarnation)
                    ? null : "not yet");
            Assert.False(owner.HasExited);
            await cluster.WaitUntilBalanced(Bound);
        }

        await load.StopAndCheckAsync();
        output.WriteLine($"{store}: {load}");
        await cluster.VerifyJournalAsync();
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_member_told_to_leave_hands_everything_over_and_its_process_ends_in_order(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var leaving = cluster.Node("node-2");
        var given = await cluster.ShardsOfAsync(leaving);
        using var management = cluster.Management();

        var order = await management.OrderAsync(leaving.Name, "Leave");
        Assert.Equal(("Leaving", null), (order.Status, order.TakeoverWithinSeconds));
        Assert.Equal(0, await leaving.WaitForExitAsync(Bound));
        await cluster.WaitUntilBalanced(Bound);
        Assert.All((await management.ShardsAsync()).Where(shard => given.Contains(shard.Shard)), shard => Assert.StartsWith("handoff/", shard.AcquiredBy, StringComparison.Ordinal));

        Assert.Equal(409, await management.RefusedOrderAsync(leaving.Name, "Down"));
        Assert.Equal(404, await management.RefusedOrderAsync("nobody", "Down"));
        Assert.Equal(400, await management.RefusedOrderAsync("node-1", "Dance"));
    }
}
