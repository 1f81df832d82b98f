using AkkaScale.Entities;
using AkkaScale.Hosting;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit;
using AkkaScale.TestKit.InProcess;
using AkkaScale.Tests.Unit.Hosting;

namespace AkkaScale.Tests.Unit.TestKit;

public sealed class InProcessClusterTests
{
    private static readonly EntityKey Key = new("cart", "c-1");

    [Fact]
    public async Task Every_node_answers_for_every_entity()
    {
        await using var cluster = await StartAsync(nodes: 2);
        for (var number = 1; number <= 20; number++)
        {
            foreach (var node in cluster.Nodes)
            {
                Assert.True((await cluster.AskAsync("cart", $"c-{number}", new AddItem(node.Name), node)).IsSuccess);
            }
        }

        Assert.Equal(20, cluster.Nodes.Sum(node => node.Residents));
        Assert.All(cluster.Nodes, node => Assert.InRange(node.Residents, 1, 19));
    }

    [Fact]
    public async Task A_node_that_stops_gives_its_shards_away_and_one_that_joins_gets_its_share()
    {
        await using var cluster = await StartAsync(nodes: 2);
        Assert.Equal(1, (await cluster.AskAsync("cart", "c-1", new AddItem("pear"))).Version);

        await cluster.OwnerOf(Key)!.StopAsync();
        Assert.Equal(2, (await cluster.AskAsync("cart", "c-1", new AddItem("apple"))).Version);
        Assert.Equal(12, Assert.Single(cluster.Nodes).Shards);

        var third = await cluster.JoinAsync();
        Assert.Equal("node-3", third.Name);
        Assert.Equal(6, third.Shards);
        Assert.Equal(3, (await cluster.AskAsync("cart", "c-1", new AddItem("plum"), third)).Version);
    }

    [Fact]
    public async Task What_a_crashed_node_owned_is_served_elsewhere_only_after_its_lease()
    {
        await using var cluster = await StartAsync(nodes: 2, advancesByItself: false);
        var first = cluster.Nodes[0].Entities.AskAsync(new(Key, new AddItem("pear")), default).AsTask();
        await Eventually.Holds("the owner answers", Eventually.Limit, async () =>
        {
            // The first event of its type waits a moment until the type is registered.
            await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            return first.IsCompleted ? null : "no answer yet";
        });
        Assert.Equal(1, (await first).Version);
        var owner = cluster.OwnerOf(Key)!;
        var other = cluster.Nodes.Single(node => node != owner);

        await owner.CrashAsync();
        var asking = other.Entities.AskAsync(new(Key, new AddItem("apple")), default).AsTask();
        var crashed = cluster.Clock.Elapsed;
        await cluster.AdvanceAsync(TimeSpan.FromSeconds(6)); // one lease
        Assert.False(asking.IsCompleted);
        await Eventually.Holds("the other answers", Eventually.Limit, async () =>
        {
            await cluster.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            return asking.IsCompleted ? null : "no answer yet";
        });

        Assert.Equal(2, (await asking).Version);
        Assert.InRange(cluster.Clock.Elapsed - crashed, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(14));
    }

    [Theory]
    [InlineData(true, "takeover")]
    [InlineData(false, "handoff")]
    public async Task A_node_that_crashes_leaves_its_shards_behind_and_one_that_stops_gives_them(bool crashes, string acquiredBy)
    {
        await using var cluster = await StartAsync(nodes: 2);
        var other = cluster.Nodes[0];
        var shard = Enumerable.Range(0, 12).First(shard => other.Map.Current[shard].Owner != other.Session!.Self.Incarnation);

        await (crashes ? cluster.Nodes[1].CrashAsync() : cluster.Nodes[1].StopAsync());
        await cluster.UntilAsync("the other serves everything", () => other.Shards == 12 ? null : $"{other.Shards} shards");

        Assert.StartsWith(acquiredBy, other.Map.Current[shard].AcquiredBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_cut_off_from_its_store_serves_until_its_lease_runs_out_and_comes_back_as_another_incarnation()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var cut = cluster.Nodes[1];
        var before = cut.Session!.Self.Incarnation;

        cut.CutStore();
        Assert.True(cut.IsReady);
        await cluster.UntilAsync("its lease has run out", () => cut.IsReady ? "it is ready" : null);
        await cluster.UntilAsync("the other serves everything", () => cluster.Nodes[0].Shards == 12 ? null : $"{cluster.Nodes[0].Shards} shards");
        Assert.True((await cluster.AskAsync("cart", "c-1", new AddItem("pear"))).IsSuccess);

        cut.HealStore();
        await cluster.UntilAsync("it is up again", () => cut.IsReady && cut.Session?.Self.Incarnation != before ? null : "it is not");
        Assert.True((await cluster.AskAsync("cart", "c-1", new AddItem("apple"), cut)).IsSuccess);
    }

    [Fact]
    public async Task A_confirmed_read_is_answered_through_every_node_and_by_nobody_who_cannot_reach_the_store()
    {
        await using var cluster = await StartAsync(nodes: 2);
        await cluster.AskAsync("cart", "c-1", new AddItem("pear"));
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(1, (await cluster.AskAsync(Read(isConfirmed: true), node)).Version);
        }

        var owner = cluster.OwnerOf(Key)!;
        owner.CutStore();

        // No time passes here, so its lease holds; so short a wait is given up at the store's first silence.
        Assert.Equal(1, (await owner.Entities.AskAsync(Read(isConfirmed: false), default)).Version);
        var confirmed = await owner.Entities.AskAsync(Read(isConfirmed: true) with { Timeout = TimeSpan.FromMilliseconds(400) }, default);
        Assert.Equal((ReplyStatus.StoreUnavailable, -1L), (confirmed.Status, confirmed.Version));

        var successor = cluster.Nodes.Single(node => node != owner);
        Assert.Equal(1, (await cluster.AskAsync(Read(isConfirmed: true), successor)).Version);

        static EntityCommand Read(bool isConfirmed) => new(Key, new GetCart()) { IsRead = true, IsConfirmed = isConfirmed, Timeout = TimeSpan.FromSeconds(30) };
    }

    [Fact]
    public async Task Nothing_expires_however_long_the_clock_is_advanced()
    {
        await using var cluster = await StartAsync(nodes: 2);
        var before = Incarnations(cluster);
        var from = cluster.Clock.Elapsed;

        await cluster.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(TimeSpan.FromMinutes(3), cluster.Clock.Elapsed - from);
        Assert.Equal(before, Incarnations(cluster));
        Assert.All(cluster.Nodes, node => Assert.True(node.IsReady));
    }

    [Fact]
    public async Task Wall_clocks_can_be_put_forward_by_days_and_entities_see_it()
    {
        var seen = DateTimeOffset.MinValue;
        await using var cluster = await InProcessCluster.StartAsync(1, node => node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>(
            "cart", new Cart([]),
            (cart, command, context) =>
            {
                seen = context.At;
                return Cart.Decide(cart, command);
            },
            (cart, happened, _) => Cart.Evolve(cart, happened))));
        var (wall, elapsed) = (cluster.Clock.GetUtcNow(), cluster.Clock.Elapsed);

        cluster.SkipWallClock(TimeSpan.FromDays(30));
        await cluster.AskAsync("cart", "c-1", new AddItem("pear"));

        Assert.InRange(seen, wall.AddDays(30), wall.AddDays(30).AddMinutes(1));
        Assert.InRange(cluster.Clock.Elapsed - elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.True(cluster.Nodes[0].IsReady);
    }

    [Fact]
    public async Task A_wait_that_comes_to_nothing_says_what_was_seen()
    {
        await using var cluster = await StartAsync(nodes: 1);
        var failure = await Assert.ThrowsAsync<SpecFailedException>(() => cluster.UntilAsync("the cart is full", () => "it is empty"));
        Assert.Contains("it did not happen that the cart is full. Seen last: it is empty", failure.Message);
        Assert.Contains("node-1", failure.Message);
    }

    private static List<Incarnation> Incarnations(InProcessCluster cluster) => [.. cluster.Nodes.Select(node => node.Session!.Self.Incarnation)];

    private static Task<InProcessCluster> StartAsync(int nodes, bool advancesByItself = true) => InProcessCluster.StartAsync(new InProcessOptions
    {
        Nodes = nodes,
        AdvancesByItself = advancesByItself,
        Configure = (AkkaScaleNodeBuilder node) =>
            node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)),
    });
}
