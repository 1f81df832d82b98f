using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Who may do what on the management port of a real node, and what the audit log says of it.</summary>
public sealed class AccessTests(AccessCluster cluster) : IClassFixture<AccessCluster>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly string[] Open = ["/alive", "/ready", "/startup"];

    [Fact]
    public async Task Every_route_asks_for_a_token_and_every_changing_one_for_an_operators()
    {
        var routes = await cluster.RoutesAsync();
        Assert.Contains(("POST", "/shards/{region}/{shard}/move"), routes);
        using var nobody = cluster.Client(null);
        using var stranger = cluster.Client("a-token-that-nobody-has-given-0123456789");
        using var viewer = cluster.Client(AccessCluster.Viewer);
        foreach (var (method, template) in routes)
        {
            var path = template.Replace("{kind}", "task", StringComparison.Ordinal).Replace("{region}", "task", StringComparison.Ordinal)
                .Replace("{shard}", "3", StringComparison.Ordinal);
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{\w+\}", "guarded");
            if (Open.Contains(template))
            {
                Assert.Equal((path, 200), (path, (await SendAsync(nobody, method, path)).Status));
                continue;
            }

            Assert.Equal((path, (401, "access/token-needed")), (path, await SendAsync(nobody, method, path)));
            Assert.Equal((path, (401, "access/token-wrong")), (path, await SendAsync(stranger, method, path)));
            if (method != "GET" || template == "/nodes/{node}/log")
            {
                Assert.Equal((path, (403, "access/operator-needed")), (path, await SendAsync(viewer, method, path)));
            }
            else if (template != "/cluster/domain-events")
            {
                Assert.True((await SendAsync(viewer, method, path)).Status is 200 or 404 or 409 or 503, $"{method} {path}");
            }
        }

        Assert.False(cluster.Node.HasExited);
    }

    /// <summary>Nodes ask there whom to join, before anybody can have given them a token.</summary>
    [Fact]
    public async Task The_contact_point_answers_everybody_and_takes_nothing()
    {
        using var nobody = cluster.Client(null);
        Assert.Equal(200, (await SendAsync(nobody, "GET", "/bootstrap/seed-nodes")).Status);
        Assert.Equal(401, (await SendAsync(nobody, "POST", "/bootstrap/seed-nodes")).Status);
    }

    [Fact]
    public async Task A_401_says_what_to_send()
    {
        using var nobody = cluster.Client(null);
        using var answer = await nobody.GetAsync("/cluster/members");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_was_done_and_what_was_denied_stands_in_the_audit_log()
    {
        using var operators = cluster.Client(AccessCluster.Operator);
        using var viewer = cluster.Client(AccessCluster.Viewer);
        using var moved = await operators.PostAsJsonAsync("/shards/task/5/move", new { node = "guarded", reason = "noisy", by = "jo" });
        Assert.Equal(HttpStatusCode.Accepted, moved.StatusCode);

        // Whoever has the answer finds its outcome.
        var row = (await cluster.AuditAsync()).First(entry => entry.GetProperty("action").GetString() == "shards/move");
        Assert.Equal(
            ("otto", "jo", "operator", "POST", "/shards/task/5/move", "noisy", 202, "allowed", "guarded"),
            (Text(row, "who"), Text(row, "by"), Text(row, "role"), Text(row, "method"), Text(row, "path"), Text(row, "why"), row.GetProperty("status").GetInt32(),
                Text(row, "outcome"), Text(row, "node")));
        Assert.Equal("task/5 to guarded", Text(row, "target"));
        Assert.Equal("127.0.0.1", Text(row, "remote"));

        using var refused = await operators.PostAsJsonAsync("/shards/task/5/move", new { node = "nobody" });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        row = (await cluster.AuditAsync())[0];
        Assert.Equal(("failed", 404), (Text(row, "outcome"), row.GetProperty("status").GetInt32()));

        using var denied = await viewer.PostAsJsonAsync("/shards/task/5/move", new { node = "guarded" });
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        await Eventually.Holds("the denied call has its row", Bound, async () =>
            (await cluster.AuditAsync()).Any(entry => Text(entry, "outcome") == "denied" && Text(entry, "who") == "vera" && Text(entry, "why").StartsWith("access/operator-needed", StringComparison.Ordinal))
                ? null : "no row");

        Assert.DoesNotContain(AccessCluster.Operator, cluster.Node.Log);
        Assert.DoesNotContain(AccessCluster.Operator, JsonSerializer.Serialize(await cluster.AuditAsync()));
    }

    [Fact]
    public async Task A_flood_of_denied_calls_is_counted_and_not_written_out()
    {
        var before = (await cluster.AuditAsync()).Count;
        using var stranger = cluster.Client("a-token-that-nobody-has-given-0123456789");
        for (var call = 0; call < 300; call++)
        {
            Assert.Equal(401, (await SendAsync(stranger, "POST", "/shards/rebalance")).Status);
        }

        Assert.InRange((await cluster.AuditAsync()).Count - before, 0, 100);
        await Eventually.Holds("a row says how many have none", Bound, async () =>
        {
            await SendAsync(stranger, "POST", "/shards/rebalance");
            return (await cluster.AuditAsync()).Any(entry => Text(entry, "why").Contains("more denied calls came before it", StringComparison.Ordinal)) ? null : "none does";
        });
    }

    [Fact]
    public async Task Akkas_routes_answer_in_their_shapes()
    {
        using var operators = cluster.Client(AccessCluster.Operator);
        var members = await operators.GetFromJsonAsync<JsonElement>("/cluster/members/");
        var node = members.GetProperty("selfNode").GetString()!;
        foreach (var name in new[] { "guarded", node, Uri.EscapeDataString(node), node[(node.IndexOf('@', StringComparison.Ordinal) + 1)..] })
        {
            var member = await operators.GetFromJsonAsync<JsonElement>($"/cluster/members/{name}");
            Assert.Equal((node, "Up"), (member.GetProperty("node").GetString(), member.GetProperty("status").GetString()));
        }

        Assert.Equal(404, (await SendAsync(operators, "GET", "/cluster/members/nobody")).Status);

        using var form = new FormUrlEncodedContent([KeyValuePair.Create("address", node)]);
        using var joined = await operators.PostAsync("/cluster/members/", form);
        Assert.Equal(HttpStatusCode.OK, joined.StatusCode);
        Assert.Contains("is a member already", await joined.Content.ReadAsStringAsync());
        using var stranger = await operators.PostAsJsonAsync("/cluster/members", new { address = "akka.tcp://akkascale@192.0.2.1:4053" });
        Assert.Equal(HttpStatusCode.Conflict, stranger.StatusCode);
        Assert.Contains("joins by itself", await stranger.Content.ReadAsStringAsync());
        Assert.Equal(400, (await SendAsync(operators, "POST", "/cluster/members")).Status);

        var regions = default(JsonElement);
        await Eventually.Holds("every shard of tasks has been started", Bound, async () =>
        {
            regions = (await operators.GetFromJsonAsync<JsonElement>("/cluster/shards/task")).GetProperty("regions");
            return regions.GetArrayLength() == 8 ? null : $"{regions.GetArrayLength()} have";
        });
        Assert.Equal(JsonValueKind.String, regions[0].GetProperty("shardId").ValueKind);
        Assert.Equal(0, regions[0].GetProperty("numEntities").GetInt32());
        Assert.Equal(404, (await SendAsync(operators, "GET", "/cluster/shards/cat")).Status);
    }

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private static async Task<(int Status, string? Code)> SendAsync(HttpClient http, string method, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = method == "POST" ? JsonContent.Create(new { }) : null };
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            && JsonDocument.Parse(body).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
