using System.Collections.Concurrent;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Simulation.Sessions;

/// <summary>The real loops, threads and timers over the model store; a lease of one second keeps it quick.</summary>
public sealed class ClusterSessionTests : IAsyncLifetime
{
    private const int ShardCount = 12;

    private readonly ClusterOptions _options = new() { ShardCount = ShardCount, LeaseTtl = TimeSpan.FromSeconds(1) };
    private readonly MemoryClusterStore _store = new(ShardCount);
    private readonly ConcurrentDictionary<Incarnation, TestNode> _network = [];
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Three_members_share_the_shards_and_agree_on_the_map()
    {
        var nodes = await StartAsync(3);
        await Eventually.Holds("four shards each", () => nodes.All(node => node.Hosted.Count == 4));
        await Eventually.Holds("one map on all", () => Enumerable.Range(0, ShardCount).All(shard =>
            nodes.Select(node => node.Map.Current[shard]).Distinct().Count() == 1));

        foreach (var node in nodes)
        {
            Assert.True(node.Session.View.IsReady, string.Join("; ", node.Session.View.NotReadyReasons));
            Assert.Equal(3, node.Peers.Count);
            Assert.All(node.Hosted, hosted => Assert.Equal(
                (node.Session.Incarnation, hosted.Value), (node.Map.Current[hosted.Key].Owner, node.Map.Current[hosted.Key].Epoch)));
        }
    }

    [Fact]
    public async Task What_a_member_held_that_went_without_a_word_is_taken_over()
    {
        var nodes = await StartAsync(2);
        await Eventually.Holds("six shards each", () => nodes.All(node => node.Hosted.Count == 6));
        await nodes[0].DisposeAsync();

        Assert.Empty(nodes[0].Hosted);
        Assert.Equal(0, nodes[0].Session.Lease.DeadlineTimestamp);
        Assert.Equal(SessionEndKind.Stopped, (await nodes[0].Session.Completion).Kind);
        await Eventually.Holds("all shards at the other", () => nodes[1].Hosted.Count == ShardCount);
    }

    [Fact]
    public async Task A_member_that_leaves_gives_its_shards_to_the_others_and_is_removed()
    {
        var nodes = await StartAsync(2);
        await Eventually.Holds("six shards each", () => nodes.All(node => node.Hosted.Count == 6));

        Assert.True(await nodes[0].Session.LeaveAsync(Limit()));
        Assert.Empty(nodes[0].Hosted);
        await Eventually.Holds("all shards at the other", () => nodes[1].Hosted.Count == ShardCount);
        await Eventually.Holds("removed", () => StatusOf(nodes[0]) == MemberStatus.Removed);
    }

    [Fact]
    public async Task The_last_member_leaves_its_shards_to_nobody()
    {
        var nodes = await StartAsync(1);
        await Eventually.Holds("all shards", () => nodes[0].Hosted.Count == ShardCount);
        Assert.True(await nodes[0].Session.LeaveAsync(Limit()));
        Assert.All((await _store.ReadAsync(default)).Owners, row => Assert.Null(row.Owner));
    }

    [Fact]
    public async Task A_leave_that_cannot_be_done_ends_with_its_token()
    {
        var nodes = await StartAsync(1);
        await Eventually.Holds("all shards", () => nodes[0].Hosted.Count == ShardCount);
        _store.IsAway = true;
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.False(await nodes[0].Session.LeaveAsync(soon.Token));
    }

    [Fact]
    public async Task A_member_declared_down_drops_everything_says_dead_itself_and_tells_its_host()
    {
        var nodes = await StartAsync(1);
        await Eventually.Holds("all shards", () => nodes[0].Hosted.Count == ShardCount);
        await _store.ChangeStatusAsync(
            new StatusChange(nodes[0].Session.Incarnation, [MemberStatus.Up], MemberStatus.Down, null, "by hand"), default);

        var end = await nodes[0].Session.Completion.WaitAsync(Limit());
        Assert.Equal(SessionEndKind.Lost, end.Kind);
        Assert.Empty(nodes[0].Hosted);
        Assert.Equal(0, nodes[0].Session.Lease.DeadlineTimestamp);
        Assert.Equal(MemberStatus.Dead, StatusOf(nodes[0]));
    }

    [Fact]
    public async Task After_an_outage_of_the_store_the_same_incarnation_serves_on_with_what_it_had()
    {
        var nodes = await StartAsync(2);
        await Eventually.Holds("six shards each", () => nodes.All(node => node.Hosted.Count == 6));
        var before = nodes.Select(node => node.Hosted.ToArray()).ToArray();

        _store.IsAway = true;
        await Eventually.Holds("leases run out", () => nodes.All(node => node.Session.View is { IsReady: false, LeaseRemaining.Ticks: 0 }));
        Assert.All(nodes, node => Assert.True(node.Session.Lease.DeadlineTimestamp < TimeProvider.System.GetTimestamp()));
        _store.IsAway = false;

        await Eventually.Holds("ready again", () => nodes.All(node => node.Session.View.IsReady));
        Assert.Equal(before, nodes.Select(node => node.Hosted.ToArray()));
        Assert.All(nodes, node => Assert.False(node.Session.Completion.IsCompleted));
    }

    [Fact]
    public async Task Joining_waits_for_the_store_and_stops_with_its_token()
    {
        _store.IsAway = true;
        var node = Make();
        using var giveUp = new CancellationTokenSource();
        var refused = node.JoinAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);

        var other = Make();
        var joining = other.JoinAsync();
        Assert.False(joining.IsCompleted);
        _store.IsAway = false;
        await joining.WaitAsync(Limit());
        await Eventually.Holds("up", () => other.Session.View.IsReady);
    }

    [Fact]
    public async Task One_that_was_declared_dead_before_it_heard_that_it_had_joined_is_lost_and_does_not_try_for_ever()
    {
        var node = Make();
        Assert.Equal(WriteOutcome.Applied, await _store.JoinAsync(node.Self, default));
        await _store.ChangeStatusAsync(new StatusChange(node.Session.Incarnation, [MemberStatus.Joining], MemberStatus.Dead, null, "its lease expired"), default);

        await node.JoinAsync(Limit());
        Assert.Equal(SessionEndKind.Lost, (await node.Session.Completion.WaitAsync(Limit())).Kind);
    }

    [Fact]
    public async Task A_shard_that_stopped_itself_comes_back_under_the_next_epoch()
    {
        var nodes = await StartAsync(1);
        await Eventually.Holds("all shards", () => nodes[0].Hosted.Count == ShardCount);
        Assert.True(nodes[0].Hosted.TryRemove(3, out var epoch));
        nodes[0].Session.Reports.Stopped(new ShardEpoch(3, epoch), "an append has no outcome");
        await Eventually.Holds("shard 3 back", () => nodes[0].Hosted.TryGetValue(3, out var again) && again == epoch + 1);
    }

    [Fact]
    public async Task An_acquire_that_waits_for_locks_holds_up_neither_polls_nor_the_lease()
    {
        var gate = new TaskCompletionSource();
        _store.AcquireGate = gate.Task;
        var nodes = await StartAsync(1);
        await Eventually.Holds("targets are written", () => nodes[0].Session.View.Reading?.Targets.Length == ShardCount);

        var version = nodes[0].Map.Current.Version;
        await nodes[0].Map.WaitForNewerAsync(version + 3, Limit());
        Assert.True(nodes[0].Session.View.IsReady);
        Assert.Empty(nodes[0].Hosted);
        gate.SetResult();
        await Eventually.Holds("all shards", () => nodes[0].Hosted.Count == ShardCount);
    }

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private async Task<TestNode[]> StartAsync(int count)
    {
        var nodes = Enumerable.Range(0, count).Select(_ => Make()).ToArray();
        await Task.WhenAll(nodes.Select(node => node.JoinAsync()));
        return nodes;
    }

    private TestNode Make()
    {
        var node = new TestNode(_nodes.Count + 1, _options, _store, _network);
        _nodes.Add(node);
        return node;
    }

    private MemberStatus StatusOf(TestNode node) =>
        _store.ReadAsync(default).Result.Members.Single(member => member.Incarnation == node.Session.Incarnation).Status;
}
