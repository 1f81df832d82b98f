using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>
/// Leases that nobody would give back: every shard answers again, and none is left behind. With an allocation that does not follow the
/// leases, since that would heal what is left behind.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class OrphanTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The third cannot give its leases back when it leaves, since their rows are locked. So another waits for them, and while it waits its
    /// region ends: Akka stops a shard that still awaits its lease without giving it back.
    /// </summary>
    [Fact]
    public async Task A_shard_is_handed_off_while_it_awaits_its_lease() => await PlayAsync("handed-off", async cluster =>
    {
        var nodes = await cluster.StartHereAsync(3);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        await cluster.ShardsAreSharedOutAsync(nodes);
        var incarnation = await cluster.IncarnationAsync(nodes[2]);
        var leases = (await cluster.Database.LeasesAsync()).Where(each => each.Owner == incarnation).Select(each => each.Name).ToList();

        Task leaving;
        ProbeNode waiting;
        await using (await cluster.Database.LockLeasesAsync(leases))
        {
            cluster.Spare(nodes[2]);
            leaving = nodes[2].LeaveAsync();
            waiting = await WaitingForAsync([nodes[0], nodes[1]], leases);
            cluster.Spare(waiting);
            waiting.EndRegion();
            await Until.TrueAsync(() => IsHandedOffWhileItWaits(waiting), "a shard is handed off while it awaits its lease");
        }

        IProbeNode[] serving = [waiting == nodes[0] ? nodes[1] : nodes[0]];
        await leaving;
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after a region ended and a node left");
        await cluster.AreOneClusterAsync([.. serving, waiting], "after a region ended and a node left");
        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync(serving);
    });

    /// <summary>Who is the first to want one of these leases, by its log; Akka tells it nowhere else.</summary>
    private static async Task<ProbeNode> WaitingForAsync(IReadOnlyList<ProbeNode> nodes, IReadOnlyList<string> leases)
    {
        var before = nodes.ToDictionary(node => node, node => CountOf(node, leases));
        ProbeNode? waiting = null;
        await Until.TrueAsync(
            () => (waiting = nodes.FirstOrDefault(node => CountOf(node, leases) > before[node])) is not null,
            "somebody waits for a lease of the one who leaves");
        return waiting!;
    }

    private static int CountOf(ProbeNode node, IReadOnlyList<string> leases) => node.Tail(1_000).Count(line =>
        line.Contains("Acquiring lease", StringComparison.Ordinal) && leases.Any(lease => line.Contains($"({lease},", StringComparison.Ordinal)));

    private static bool IsHandedOffWhileItWaits(IProbeNode node) =>
        node.Tail(1_000).Any(line => line.Contains("received while awaiting lease", StringComparison.Ordinal));

    [Theory]
    [InlineData(Moment.BeforeTheStatement)]
    [InlineData(Moment.BeforeCommit)]
    [InlineData(Moment.AfterCommit)]
    public async Task A_release_is_lost_in_an_error_of_the_database(Moment moment) => await PlayAsync($"release-{moment}", async cluster =>
    {
        var relay = cluster.Database.AddRelay();
        var first = await cluster.StartHereAsync("n1", relay);
        await cluster.AreOneClusterAsync([first], "at the start");
        await WakeAsync(first);

        // Nothing is written or acquired now: the next statement with a shard's lease and the one who has it gives one back.
        var trap = relay.Set([$"-shard-{ProbeShards.TypeName}-", await cluster.IncarnationAsync(first)], moment, Manner.Cut);
        var second = await cluster.StartHereAsync("n2");
        await cluster.AreOneClusterAsync([first, second], "after a second came");
        await trap.Sprung.WaitAsync(Soon);
        await cluster.BeginTrafficAsync();
        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync([first, second]);
    });

    private static async Task WakeAsync(ProbeNode node)
    {
        var shards = new ProbeShards(node.Settings.Shards).Entities(1);
        var answers = await Task.WhenAll(shards.Select(each => node.ReadAsync(each[0], TimeSpan.FromSeconds(30))));
        Assert.All(answers, Assert.NotNull);
    }

    private async Task PlayAsync(string story, Func<ProbeCluster, Task> play) =>
        await ProbeCluster.PlayAsync(
            await ProbeDatabase.CreateAsync(server),
            story,
            play,
            settings => settings with { FollowsLeases = false, StatementTimeout = TimeSpan.FromSeconds(20) });
}
