using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>One process: the task system, what it tells of itself, and how it ends.</summary>
public sealed class OneNodeTests
{
    [Fact]
    public async Task A_process_serves_tasks_tells_what_it_knows_of_them_and_leaves_when_told()
    {
        await using var nodes = new SmallCluster();
        var node = await nodes.StartAsync("node-1");
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        await SmallCluster.FillAsync(client, node.Gateway, tasks: 3);
        var shown = await client.GetAsync(node.Gateway, "/tasks/t-2");
        Assert.Equal((HttpStatusCode.OK, "Task 2"), (shown.Status, shown.Member("title")?.GetString()));

        using var http = new HttpClient { BaseAddress = node.Management };
        var status = await http.GetFromJsonAsync<JsonElement>("/cluster/status");
        Assert.Equal((24, true), (status.GetProperty("shardCount").GetInt32(), status.GetProperty("ready").GetBoolean()));
        Assert.Equal("Up", (await http.GetFromJsonAsync<JsonElement>("/cluster/members/node-1")).GetProperty("status").GetString());

        var place = await http.GetFromJsonAsync<JsonElement>("/cluster/where/task/t-2");
        Assert.Equal(("task", "node-1"), (Text(place, "region"), Text(place, "owner")));
        Assert.Equal((1, true), (place.GetProperty("version").GetInt64(), place.GetProperty("resident").GetBoolean()));
        var entity = await http.GetFromJsonAsync<JsonElement>("/entities/task/t-2");
        Assert.Equal(("owner", "Task 2"), (Text(entity, "source"), Text(entity.GetProperty("state"), "title")));
        var events = (await http.GetFromJsonAsync<JsonElement>("/entities/task/t-2/events")).GetProperty("events");
        var happened = Assert.Single(events.EnumerateArray());
        Assert.StartsWith("created", Text(happened, "type"));
        Assert.True(Guid.TryParse(Text(happened, "commandId"), out _));

        using var passivated = await http.PostAsJsonAsync("/entities/task/t-2/passivate", new { });
        Assert.Equal(HttpStatusCode.OK, passivated.StatusCode);
        var folded = await http.GetFromJsonAsync<JsonElement>("/entities/task/t-2");
        Assert.Equal(
            ("journal", entity.GetProperty("state").GetRawText()), (Text(folded, "source"), folded.GetProperty("state").GetRawText()));

        var shard = place.GetProperty("shard").GetInt32();
        var check = await http.GetFromJsonAsync<JsonElement>($"/journal/verify/task/{shard}");
        Assert.Equal(0, check.GetProperty("violations").GetArrayLength());
        Assert.True(check.GetProperty("events").GetInt64() >= 1);
        var stats = await http.GetFromJsonAsync<JsonElement>("/journal/stats?region=task");
        Assert.Equal((8, 3), (stats.GetProperty("shardCount").GetInt32(), stats.GetProperty("total").GetProperty("entities").GetInt64()));
        var verified = await ProgramRun.ExecuteAsync(
            "dotnet", [Repository.PbmProgram, "journal", "verify", "--json", "--node", node.Management.Authority], TimeSpan.FromSeconds(60));
        Assert.Equal(0, verified.ExitCode);
        var summary = JsonElement.Parse(verified.Output);
        Assert.Equal((24, 0), (summary.GetProperty("shardsRead").GetInt32(), summary.GetProperty("violationCount").GetInt32()));

        using var seeds = await http.GetAsync("/bootstrap/seed-nodes");
        Assert.Equal(HttpStatusCode.OK, seeds.StatusCode);
        node.Terminate();
        Assert.Equal(0, await node.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        Assert.Contains("Left the cluster", node.Log);
        Assert.DoesNotContain("   at ", node.Log);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
