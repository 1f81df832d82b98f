using System.Diagnostics;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Links that are cut: between nodes while all reach the database, and to the database alone. Nodes of this process.</summary>
[Collection(CutsCollection.Name)]
public sealed class CutTests(PostgresServer server)
{
    private static readonly TimeSpan Decided = TimeSpan.FromSeconds(20);

    /// <summary>Long enough for reads by way of the one that is cut off.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(LinkDirection.Both)]
    [InlineData(LinkDirection.Send)]
    [InlineData(LinkDirection.Receive)]
    public async Task One_of_three_that_is_cut_off_goes(LinkDirection direction) => await PlayAsync($"cut-{direction}", async cluster =>
    {
        var nodes = await StartAsync(cluster, 3);
        var incarnation = await cluster.IncarnationAsync(nodes[2]);
        await CutAsync([nodes[2]], [nodes[0], nodes[1]], direction);

        await cluster.EndsAsync(nodes[2], Decided, NodeEnd.Down);
        var row = (await cluster.Database.NodesAsync()).Single(each => each.Incarnation == incarnation);
        Assert.StartsWith("has ended after it was sent away", row.Reason, StringComparison.Ordinal); // by its own word: nobody waits
        IProbeNode[] kept = [nodes[0], nodes[1]];
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after the third went");
        await cluster.AreOneClusterAsync(kept, "after the third went");
        await cluster.OnlyTheseWentAsync(incarnation);
        await cluster.IsSoundAsync(kept);
    });

    [Fact]
    public async Task Of_two_that_do_not_see_each_other_one_stays() => await PlayAsync("cut-two", async cluster =>
    {
        var nodes = await StartAsync(cluster, 2);
        var incarnations = await Task.WhenAll(nodes.Select(cluster.IncarnationAsync));
        await CutAsync([nodes[0]], [nodes[1]], LinkDirection.Both);

        var ended = await Task.WhenAny(nodes.Select(node => node.Ended)).WaitAsync(Decided);
        var loser = nodes.Single(node => node.Ended == ended);
        await cluster.EndsAsync(loser, Decided, NodeEnd.Down);
        IProbeNode[] kept = [.. nodes.Where(node => node != loser)];
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after one of two went");
        await cluster.AreOneClusterAsync(kept, "after one of two went");
        await cluster.OnlyTheseWentAsync(incarnations[nodes.ToList().IndexOf(loser)]);
        await cluster.IsSoundAsync(kept);
    });

    [Fact]
    public async Task Of_five_the_larger_side_stays() => await PlayAsync("cut-five", async cluster =>
    {
        var nodes = await StartAsync(cluster, 5);
        IProbeNode[] smaller = [nodes[0], nodes[1]], larger = [nodes[2], nodes[3], nodes[4]];
        var gone = await Task.WhenAll(smaller.Select(cluster.IncarnationAsync));
        await CutAsync(smaller, larger, LinkDirection.Both);

        await Task.WhenAll(smaller.Select(node => cluster.EndsAsync(node, Decided, NodeEnd.Down)));
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after the smaller side went");
        await cluster.AreOneClusterAsync(larger, "after the smaller side went");
        await cluster.OnlyTheseWentAsync(gone);
        await cluster.IsSoundAsync(larger);
    });

    /// <summary>No clean sides: the third sees both. One of the two goes, and the third does not.</summary>
    [Fact]
    public async Task Of_two_that_do_not_see_each_other_beside_a_third_one_goes() => await PlayAsync("cut-chord", async cluster =>
    {
        var nodes = await StartAsync(cluster, 3);
        var incarnations = await Task.WhenAll(nodes.Select(cluster.IncarnationAsync));
        await CutAsync([nodes[0]], [nodes[1]], LinkDirection.Both);

        var ended = await Task.WhenAny(nodes.Select(node => node.Ended)).WaitAsync(Decided);
        var loser = nodes.Single(node => node.Ended == ended);
        Assert.NotSame(nodes[2], loser);

        // The third may tell it by gossip before it has read its own row.
        await cluster.EndsAsync(loser, Decided, NodeEnd.Down, NodeEnd.Removed);
        IProbeNode[] kept = [.. nodes.Where(node => node != loser)];
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after one of the two went");
        await cluster.AreOneClusterAsync(kept, "after one of the two went");
        await cluster.OnlyTheseWentAsync(incarnations[nodes.ToList().IndexOf(loser)]);
        await cluster.IsSoundAsync(kept);
    });

    [Theory]
    [InlineData(Manner.Cut)]
    [InlineData(Manner.Silent)]
    public async Task Who_is_cut_from_the_database_alone_goes(Manner manner) => await PlayAsync($"cut-database-{manner}", async cluster =>
    {
        var relay = cluster.Database.AddRelay();
        ProbeNode[] nodes = [await cluster.StartHereAsync("n1"), await cluster.StartHereAsync("n2"), await cluster.StartHereAsync("n3", relay)];
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var incarnation = await cluster.IncarnationAsync(nodes[2]);
        relay.BeginOutage(manner);

        await cluster.BecomesAsync(incarnation, Decided, "dead");
        IProbeNode[] kept = [nodes[0], nodes[1]];
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after the third was declared dead");
        await cluster.AreOneClusterAsync(kept, "after the third was declared dead");
        relay.EndOutage();
        await cluster.EndsAsync(nodes[2], Decided, NodeEnd.Dead, NodeEnd.Removed);
        await cluster.OnlyTheseWentAsync(incarnation);
        await cluster.IsSoundAsync(kept);
    });

    /// <summary>Gossip has not told it, and the database cannot: it is shut out at the next attempt to connect. The other waits on.</summary>
    [Fact]
    public async Task Who_is_quarantined_past_its_deadline_goes() => await PlayAsync("cut-quarantined", async cluster =>
    {
        PostgresRelay[] relays = [cluster.Database.AddRelay(), cluster.Database.AddRelay()];
        ProbeNode[] nodes = [await cluster.StartHereAsync("n1", relays[0]), await cluster.StartHereAsync("n2", relays[1])];
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        foreach (var relay in relays)
        {
            relay.BeginOutage(Manner.Silent);
        }

        await Until.TrueAsync(() => nodes.All(node => !node.Membership.IsServing), "both stop serving");
        await Task.Delay(Apart);
        Assert.All(nodes, node => Assert.False(node.Ended.IsCompleted, "It ended for want of the database alone."));

        nodes[0].Quarantine(nodes[1]);
        await cluster.EndsAsync(nodes[1], Decided, NodeEnd.Removed);
        foreach (var relay in relays)
        {
            relay.EndOutage();
        }

        await cluster.Client.EveryShardAnswersAsync(TimeSpan.FromSeconds(20), "after the database came back");
        await cluster.IsSoundAsync([nodes[0]]);
    });

    /// <summary>It hears nothing from anybody: only its own clock keeps it from answering with what others have long changed.</summary>
    [Fact]
    public async Task Who_is_cut_from_everything_answers_nothing_and_goes() => await PlayAsync("cut-everything", async cluster =>
    {
        var relay = cluster.Database.AddRelay();
        ProbeNode[] nodes = [await cluster.StartHereAsync("n1"), await cluster.StartHereAsync("n2"), await cluster.StartHereAsync("n3", relay)];
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        await cluster.ShardsAreSharedOutAsync(nodes);
        var incarnation = await cluster.IncarnationAsync(nodes[2]);
        relay.BeginOutage(Manner.Silent);
        await CutAsync([nodes[2]], [nodes[0], nodes[1]], LinkDirection.Both);

        await cluster.BecomesAsync(incarnation, Decided, "dead");
        IProbeNode[] kept = [nodes[0], nodes[1]];
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after the third was declared dead");
        await cluster.AreOneClusterAsync(kept, "after the third was declared dead");
        await Task.Delay(Apart);
        Assert.False(nodes[2].Ended.IsCompleted, "It cannot know yet that it is dead.");
        relay.EndOutage();
        await cluster.EndsAsync(nodes[2], Decided, NodeEnd.Dead);
        await cluster.OnlyTheseWentAsync(incarnation);
        await cluster.IsSoundAsync(kept);
    });

    /// <summary>4 s cut, 4 s healed, again and again. It is sent away for it, and what the others serve stays where it is.</summary>
    [Fact]
    public async Task Who_flaps_is_sent_away_and_nobody_else_notices() => await PlayAsync("flapping", async cluster =>
    {
        var nodes = await StartAsync(cluster, 3);
        var incarnations = await Task.WhenAll(nodes.Select(cluster.IncarnationAsync));
        var begun = Stopwatch.GetTimestamp();
        while (!nodes[2].Ended.IsCompleted && Stopwatch.GetElapsedTime(begun) < Rounds.Flapping)
        {
            await FlapAsync(nodes[2], [nodes[0], nodes[1]]);
            Assert.False(nodes[0].Ended.IsCompleted || nodes[1].Ended.IsCompleted, "One of the two that do not flap ended.");
        }

        var ending = await cluster.EndsAsync(nodes[2], Decided, NodeEnd.Down);
        Assert.NotEmpty(ending.Reason);
        IProbeNode[] kept = [nodes[0], nodes[1]];
        await cluster.OnlyTheseWentAsync(incarnations[2]);
        await cluster.IsSoundAsync(kept);
        var bounced = cluster.Client.Traffic.Where(each => Moves(each.Answers.Select(answer => answer.Incarnation)) > 1).ToList();
        Assert.True(bounced.Count == 0, $"These shards moved more than once: {string.Join(", ", bounced.Select(each => each.Shard))}.");
    });

    private static async Task FlapAsync(IProbeNode one, IProbeNode[] others)
    {
        await CutAsync([one], others, LinkDirection.Both);
        await Task.Delay(TimeSpan.FromSeconds(4));
        if (!one.Ended.IsCompleted)
        {
            await Task.WhenAll(others.Select(one.HealAsync));
            await Task.WhenAll(others.Select(other => other.HealAsync(one)));
            await Task.WhenAny(one.Ended, Task.Delay(TimeSpan.FromSeconds(4)));
        }
    }

    private static int Moves(IEnumerable<string> incarnations)
    {
        var (last, moves) = ((string?)null, 0);
        foreach (var incarnation in incarnations)
        {
            moves += last is not null && last != incarnation ? 1 : 0;
            last = incarnation;
        }

        return moves;
    }

    /// <summary>The one side does the cutting, so that a direction is as it is said.</summary>
    private static async Task CutAsync(IReadOnlyCollection<IProbeNode> from, IReadOnlyCollection<IProbeNode> others, LinkDirection direction)
    {
        foreach (var (one, other) in from.SelectMany(one => others.Select(other => (one, other))))
        {
            if (!one.Ended.IsCompleted)
            {
                await one.CutAsync(other, direction);
            }

            if (direction == LinkDirection.Both && !one.Ended.IsCompleted)
            {
                await other.CutAsync(one, LinkDirection.Both);
            }
        }
    }

    private static async Task<IReadOnlyList<ProbeNode>> StartAsync(ProbeCluster cluster, int count)
    {
        var nodes = await cluster.StartHereAsync(count);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        return nodes;
    }

    private async Task PlayAsync(string story, Func<ProbeCluster, Task> play) => await ProbeCluster.PlayAsync(
        await ProbeDatabase.CreateAsync(server), story, play, settings => settings with { HasLinksToCut = true });
}
