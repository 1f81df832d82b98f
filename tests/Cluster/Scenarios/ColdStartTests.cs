using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Five processes start at one moment on an empty database. There is one cluster, whatever happens to whom.</summary>
[Collection(LossesCollection.Name)]
public sealed class ColdStartTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(4);

    public static TheoryData<int> PlainRounds => [.. Enumerable.Range(1, Math.Max(1, Rounds.ColdStarts / 3))];

    /// <summary>Also: three of five killed at once, and all killed and started again.</summary>
    [Theory]
    [MemberData(nameof(PlainRounds))]
    public async Task Five_become_one_cluster_and_may_lose_three_or_all(int round) => await PlayAsync($"cold-start-{round}", async cluster =>
    {
        var nodes = cluster.StartProcesses(5);
        await cluster.AreOneClusterAsync(nodes, "after the cold start");
        Assert.Equal(1, (await cluster.Database.FoundedAsync())?.Generation);
        await cluster.BeginTrafficAsync();

        List<NodeProcess> lost = [nodes[0], nodes[2], nodes[4]], kept = [nodes[1], nodes[3]];
        var incarnations = await Task.WhenAll(lost.Select(cluster.IncarnationAsync));
        await Task.WhenAll(lost.Select(node => node.KillAsync()));
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after three of five were killed");
        await cluster.AreOneClusterAsync(kept, "after three of five were killed");
        await cluster.OnlyTheseWentAsync(incarnations);

        await Task.WhenAll(kept.Select(node => node.KillAsync()));
        var again = nodes.Select(cluster.StartAgain).ToList();
        await cluster.AreOneClusterAsync(again, "after all were killed and started again");
        Assert.Equal(2, (await cluster.Database.FoundedAsync())?.Generation);
        await cluster.IsSoundAsync(again);
    });

    public static TheoryData<int> FounderRounds => [.. Enumerable.Range(1, Math.Max(1, Rounds.ColdStarts / 3))];

    [Theory]
    [MemberData(nameof(FounderRounds))]
    public async Task The_founder_is_killed_right_after_it_won(int round) => await PlayAsync($"founder-killed-{round}", async cluster =>
    {
        var nodes = cluster.StartProcesses(5);
        var (founder, _) = await FounderAsync(cluster, nodes);
        await founder.KillAsync();

        await cluster.AreOneClusterAsync([.. nodes.Where(node => node != founder)], "after the founder was killed");
        var again = cluster.StartAgain(founder);
        List<NodeProcess> all = [.. nodes.Where(node => node != founder), again];
        await cluster.AreOneClusterAsync(all, "after the founder was started again");
        await cluster.BeginTrafficAsync();
        await cluster.IsSoundAsync(all);
    });

    [Theory]
    [MemberData(nameof(FounderRounds))]
    public async Task The_founder_is_frozen_right_after_it_won_and_thawed(int round) => await PlayAsync($"founder-frozen-{round}", async cluster =>
    {
        var nodes = cluster.StartProcesses(5);
        var (founder, incarnation) = await FounderAsync(cluster, nodes);
        founder.Freeze();
        await cluster.BecomesAsync(incarnation, Soon, "dead");
        await cluster.AreOneClusterAsync([.. nodes.Where(node => node != founder)], "while the founder was frozen");
        await Task.Delay(Frozen);
        founder.Thaw();
        await cluster.EndsAsync(founder, Soon, NodeEnd.Dead, NodeEnd.Removed, NodeEnd.OtherGeneration);

        List<NodeProcess> all = [.. nodes.Where(node => node != founder), cluster.StartAgain(founder)];
        await cluster.AreOneClusterAsync(all, "after the founder was started again");
        await cluster.BeginTrafficAsync();
        await cluster.OnlyTheseWentAsync(incarnation);
        await cluster.IsSoundAsync(all);
    });

    [Fact]
    public async Task Who_is_told_to_join_one_that_is_gone_is_let_in_by_another() => await PlayAsync("told-astray", async cluster =>
    {
        var member = cluster.StartProcess("member");
        await cluster.AreOneClusterAsync([member], "at the start");
        var comer = cluster.StartProcess("comer", settings => settings with { IsToldAstray = true });
        await cluster.AreOneClusterAsync([member, comer], "after one came");
        await cluster.OnlyTheseWentAsync();
    });

    private static async Task<(NodeProcess Node, string Incarnation)> FounderAsync(ProbeCluster cluster, IReadOnlyList<NodeProcess> nodes)
    {
        (long Generation, string Founder)? founded = null;
        await Until.TrueAsync(
            async () => (founded = await cluster.Database.FoundedAsync()) is not null, "somebody founds the cluster", TimeSpan.FromSeconds(60));
        var row = (await cluster.Database.NodesAsync()).Single(each => each.Incarnation == founded!.Value.Founder);
        return (nodes.Single(node => node.Settings.Name == row.Name), row.Incarnation);
    }

    private async Task PlayAsync(string story, Func<ProbeCluster, Task> play) =>
        await ProbeCluster.PlayAsync(await ProbeDatabase.CreateAsync(server), story, play);
}
