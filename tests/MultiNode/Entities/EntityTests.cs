using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>Operators look at entities through pbm and the management port, on real processes.</summary>
[Collection(SqliteCluster.Collection)]
public sealed class EntityTests(SqliteCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_resident_is_shown_passivated_and_shown_from_the_journal_with_the_same_state()
    {
        var cluster = await shared.MendedAsync();
        var gateway = cluster.Gateways()[0];
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        const string id = "it's näyttävä 😀; DROP";
        var path = $"/users/{Uri.EscapeDataString(id)}";
        Assert.True((await client.PutAsync(gateway, path, new { name = "Zoë" })).IsSuccess);
        using var management = cluster.Management();
        var owner = (await management.WhereAsync("user", id)).Owner;

        // Asked of the node that does not own it.
        var other = cluster.Running.First(node => node.Name != owner);
        var (resident, _) = await ShowAsync(other, id);
        Assert.Equal(("owner", true, 1L, owner), (resident.Source, resident.Resident, resident.Version, resident.Owner));
        Assert.Contains("Zo", resident.State!.Value.GetRawText(), StringComparison.Ordinal);

        var passivated = await Pbm.RunAsync(cluster, "entity", "passivate", $"user/{id}", "--json");
        Assert.True(passivated.ExitCode == 0, passivated.ToString());
        Assert.True(JsonDocument.Parse(passivated.Output).RootElement.GetProperty("passivated").GetBoolean());
        var (passive, _) = await ShowAsync(other, id);
        Assert.Equal(("journal", false, 1L), (passive.Source, passive.Resident, passive.Version));
        Assert.Equal(resident.State.Value.GetRawText(), passive.State!.Value.GetRawText());
        Assert.False((await ShowAsync(cluster.Node(owner!), id)).View.Resident);

        var (nobody, status) = await ShowAsync(other, "nobody");
        Assert.Equal((HttpStatusCode.OK, 0L, JsonValueKind.Null), (status, nobody.Version, nobody.State?.ValueKind ?? JsonValueKind.Null));
        Assert.Equal(1, (await Pbm.RunAsync(cluster, "entity", "show", "user/nobody")).ExitCode);

        using (var tail = new RunningPbm(other.Management, "entity", "tail", $"user/{id}", "--last", "1", "--interval", "50"))
        {
            await Eventually.Holds("the first event is told", Bound, () => tail.Output.Contains("1  registered", StringComparison.Ordinal) ? null : tail.Output);
            Assert.Equal(0, await tail.InterruptAsync());
            output.WriteLine(tail.Output);
        }

        Assert.True((await client.PutAsync(gateway, "/projects/of-an-entity", new { name = "P", owner = id })).IsSuccess);
        using (var tail = new RunningPbm(other.Management, "entity", "tail", "task/shown", "--interval", "50", "--json"))
        {
            await Eventually.Holds("a task is made and commented on while the tail looks", Bound, async () =>
            {
                await client.PutAsync(gateway, "/tasks/shown", new { title = "T", project = "of-an-entity" });
                await client.PostAsync(gateway, "/tasks/shown/comment", new { text = "seen" });
                return tail.Output.Contains("seen", StringComparison.Ordinal) ? null : tail.Output;
            });
            Assert.Equal(0, await tail.InterruptAsync());
        }

        // A page that holds the last event is the last page.
        var all = (await management.EventsAsync("task", "shown")).Count;
        Assert.Null((await management.EventPageAsync("task", "shown", after: 0, all)).Next);
        Assert.Equal(all - 1, (await management.EventPageAsync("task", "shown", after: 0, all - 1)).Next);

        await Eventually.Holds("the journal's size is what its verification reads", Bound, async () =>
        {
            var stats = await Pbm.RunAsync(cluster, "journal", "stats", "--json");
            Assert.True(stats.ExitCode == 0, stats.ToString());
            var total = JsonDocument.Parse(stats.Output).RootElement.GetProperty("total");
            Assert.Equal((await management.StatusAsync()).ShardCount, total.GetProperty("shards").GetInt32());
            Assert.InRange(total.GetProperty("entities").GetInt64(), 3, long.MaxValue);
            var (counted, read) = (total.GetProperty("events").GetInt64(), await cluster.VerifyJournalAsync());
            return counted == read ? null : $"{counted} counted, {read} read";
        });
    }

    private static async Task<(EntityView View, HttpStatusCode Status)> ShowAsync(NodeProcess node, string id)
    {
        using var http = new HttpClient { BaseAddress = node.Management, Timeout = TimeSpan.FromSeconds(10) };
        using var answer = await http.GetAsync($"/entities/user/{Uri.EscapeDataString(id)}");
        return ((await answer.Content.ReadFromJsonAsync<EntityView>(JsonSerializerOptions.Web))!, answer.StatusCode);
    }

    private sealed record EntityView(string Kind, string Id, int Shard, string? Owner, long Version, bool? Resident, string Source, JsonElement? State);
}
