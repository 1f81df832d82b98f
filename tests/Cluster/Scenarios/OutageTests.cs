using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>The database goes away and comes back: nobody decides anything meanwhile, and the same incarnations go on.</summary>
[Collection(CutsCollection.Name)]
public sealed class OutageTests(PostgresServer server)
{
    [Fact]
    public async Task A_server_that_ends_and_starts_again()
    {
        await using var own = await PrivatePostgres.StartAsync("max_connections=100");
        await PlayAsync(ProbeDatabase.Postgres(await own.CreateDatabaseAsync()), "outage-server", async (_, outage) =>
        {
            await own.CrashAsync();
            await outage();
            await own.CrashAndRestartAsync();
        });
    }

    /// <summary>In the gate the journal's tests have both manners.</summary>
    public static TheoryData<Manner> Manners => Rounds.AllKinds ? [Manner.Cut, Manner.Silent] : [Manner.Silent];

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task All_ways_to_the_server_break(Manner manner) => await PlayAsync(
        await ProbeDatabase.CreateAsync(server), $"outage-{manner}", async (relays, outage) =>
        {
            foreach (var relay in relays)
            {
                relay.BeginOutage(manner);
            }

            await outage();
            foreach (var relay in relays)
            {
                relay.EndOutage();
            }
        });

    private static async Task PlayAsync(
        ProbeDatabase database, string story, Func<IReadOnlyList<PostgresRelay>, Func<Task>, Task> interrupt) =>
        await ProbeCluster.PlayAsync(database, story, async cluster =>
        {
            List<PostgresRelay> relays = [.. Enumerable.Range(0, 3).Select(_ => database.AddRelay())];
            var nodes = await Task.WhenAll(relays.Select((relay, number) => cluster.StartHereAsync($"n{number + 1}", relay)));
            await cluster.AreOneClusterAsync(nodes, "at the start");
            await cluster.BeginTrafficAsync();
            var before = await Task.WhenAll(nodes.Select(cluster.IncarnationAsync));

            await interrupt(relays, async () =>
            {
                await Until.TrueAsync(() => nodes.All(node => !node.Membership.IsServing), "all stop serving");
                await Task.Delay(Rounds.Outage);
                Assert.All(nodes, node => Assert.False(node.Membership.IsServing, "It serves without its database."));
            });

            await cluster.Client.EveryShardAnswersAsync(TimeSpan.FromSeconds(20), "after the database came back");
            await cluster.AreOneClusterAsync(nodes, "after the database came back");
            Assert.Equal(before, await Task.WhenAll(nodes.Select(cluster.IncarnationAsync)));
            await cluster.OnlyTheseWentAsync();
            await cluster.IsSoundAsync(nodes);
        });
}
