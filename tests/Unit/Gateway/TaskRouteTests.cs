using System.Text.Json;

namespace AkkaScale.Tests.Unit.Gateway;

public sealed class TaskRouteTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_task_is_created_under_the_id_of_the_client_and_read_back()
    {
        var (project, task) = (await host.NewProjectAsync(), host.NewId("t"));
        var created = await host.ChangeAsync(
            "PUT", $"/tasks/{task}",
            $$"""{"project":"{{project}}","title":"Write","description":"All of it","priority":"high","due":"2026-05-01T10:00:00+02:00","labels":["b","a"]}""");

        created.Expect(201);
        Assert.Equal($"/tasks/{task}", created.Header("Location"));
        Assert.Equal("\"1\"", created.ETag);
        Assert.Equal("application/json", created.Header("Content-Type"));
        Assert.Equal("no-store", created.Header("Cache-Control"));
        Assert.Equal("2026-05-01T08:00:00Z", created.Text("due"));
        var read = (await host.GetAsync($"/tasks/{task}")).Expect(200);
        Assert.Equal(created.Body, read.Body);
        Assert.Equal("\"1\"", read.ETag);
        Assert.Null(read.Header("Location"));
    }

    [Fact]
    public async Task A_task_created_again_with_the_same_values_is_unchanged_and_with_others_refused()
    {
        var (project, task) = (await host.NewProjectAsync(), host.NewId("t"));
        var body = $$"""{"project":"{{project}}","title":"Write"}""";
        (await host.ChangeAsync("PUT", $"/tasks/{task}", body)).Expect(201);

        var again = (await host.ChangeAsync("PUT", $"/tasks/{task}", body)).Expect(200);
        Assert.Equal(1, again.Version);
        Assert.Null(again.Header("Location"));
        Assert.Null(again.Header("Idempotency-Replayed"));
        var other = await host.ChangeAsync("PUT", $"/tasks/{task}", $$"""{"project":"{{project}}","title":"Read"}""");
        other.ExpectProblem(409, "task/exists");
        Assert.Equal(1, other.Version);
        Assert.Equal("\"1\"", other.ETag);
    }

    [Theory]
    [InlineData("rename", """{"title":"New"}""", "title", "\"New\"")]
    [InlineData("describe", """{"description":"Long"}""", "description", "\"Long\"")]
    [InlineData("prioritize", """{"priority":"urgent"}""", "priority", "\"urgent\"")]
    [InlineData("schedule", """{"due":"2026-05-01T10:00:00Z"}""", "due", "\"2026-05-01T10:00:00Z\"")]
    [InlineData("label", """{"add":["x","a"]}""", "labels", """["a","x"]""")]
    [InlineData("assign", """{"user":"bob"}""", "assignee", "\"bob\"")]
    [InlineData("comment", """{"text":"Hm"}""", "commentCount", "1")]
    [InlineData("start", null, "status", "\"inProgress\"")]
    [InlineData("complete", null, "status", "\"done\"")]
    public async Task A_command_changes_its_part_and_answers_with_the_state_after_it(string action, string? body, string member, string value)
    {
        var task = await host.NewTaskAsync();
        var changed = (await host.ChangeAsync("POST", $"/tasks/{task}/{action}", body)).Expect(200);
        Assert.Equal(2, changed.Version);
        Assert.Equal("\"2\"", changed.ETag);
        Assert.Equal(value, changed.Json.GetProperty(member).GetRawText());
        Assert.Equal(changed.Body, (await host.GetAsync($"/tasks/{task}")).Body);
    }

    [Theory]
    [InlineData("assign", """{"user":"bob"}""", "unassign", null, "assignee", "null")]
    [InlineData("complete", null, "reopen", null, "status", "\"open\"")]
    [InlineData("schedule", """{"due":"2026-05-01T10:00:00Z"}""", "schedule", """{"due":null}""", "due", "null")]
    [InlineData("describe", """{"description":"Long"}""", "describe", """{"description":null}""", "description", "null")]
    [InlineData("label", """{"add":["x","a"]}""", "label", """{"remove":["x"]}""", "labels", """["a"]""")]
    public async Task A_command_takes_back_what_another_did(string first, string? firstBody, string second, string? secondBody, string member, string value)
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/{first}", firstBody)).Expect(200);
        var changed = (await host.ChangeAsync("POST", $"/tasks/{task}/{second}", secondBody)).Expect(200);
        Assert.Equal(value, changed.Json.GetProperty(member).GetRawText());
    }

    [Fact]
    public async Task A_command_that_changes_nothing_keeps_the_version()
    {
        var task = await host.NewTaskAsync();
        Assert.Equal(1, (await host.ChangeAsync("POST", $"/tasks/{task}/rename", """{"title":"Title"}""")).Expect(200).Version);
        Assert.Equal(1, (await host.ChangeAsync("POST", $"/tasks/{task}/label", "{}")).Expect(200).Version);
    }

    [Fact]
    public async Task A_command_without_members_takes_an_empty_object_or_nothing()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/start", "{}")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/complete")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/reopen", """{"why":"x"}""")).ExpectProblem(400, "request/body");
    }

    [Theory]
    [InlineData("rename", """{"title":"New"}""")]
    [InlineData("assign", """{"user":"bob"}""")]
    [InlineData("complete", null)]
    public async Task A_done_task_refuses_changes_until_it_is_reopened(string action, string? body)
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/complete")).Expect(200);
        var refused = (await host.ChangeAsync("POST", $"/tasks/{task}/{action}", body)).ExpectProblem(409, "task/already-done");
        Assert.Equal("Task already done", refused.Text("title"));
        Assert.Equal("\"2\"", refused.ETag);
        (await host.ChangeAsync("POST", $"/tasks/{task}/comment", """{"text":"Still"}""")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/reopen")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/{action}", body)).Expect(200);
    }

    [Fact]
    public async Task A_deleted_task_is_gone_for_good()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("DELETE", $"/tasks/{task}")).Expect(200);
        (await host.GetAsync($"/tasks/{task}")).ExpectProblem(410, "task/deleted");
        (await host.GetAsync($"/tasks/{task}/comments")).ExpectProblem(410, "task/deleted");
        (await host.ChangeAsync("POST", $"/tasks/{task}/start")).ExpectProblem(410, "task/deleted");
        var project = await host.NewProjectAsync();
        (await host.ChangeAsync("PUT", $"/tasks/{task}", $$"""{"project":"{{project}}","title":"T"}""")).ExpectProblem(410, "task/deleted");
    }

    [Fact]
    public async Task A_task_that_does_not_exist_is_not_found()
    {
        var read = (await host.GetAsync("/tasks/nobody")).ExpectProblem(404, "task/not-found");
        Assert.Equal("\"0\"", read.ETag);
        (await host.ChangeAsync("POST", "/tasks/nobody/start")).ExpectProblem(404, "task/not-found");
        (await host.GetAsync("/tasks/nobody/comments")).ExpectProblem(404, "task/not-found");
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        var task = await host.NewTaskAsync();
        var get = (await host.GetAsync($"/tasks/{task}")).Expect(200);
        var head = (await host.SendAsync("HEAD", $"/tasks/{task}", null)).Expect(200);
        Assert.Equal("", head.Body);
        Assert.Equal(get.ETag, head.ETag);
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        (await host.SendAsync("HEAD", "/tasks/nobody", null)).Expect(404);
    }

    [Fact]
    public async Task Lists_of_tasks_are_not_there_yet()
    {
        (await host.GetAsync("/projects/p/tasks")).ExpectProblem(404, "request/no-such-route");
        (await host.GetAsync("/users/u/tasks")).ExpectProblem(404, "request/no-such-route");
    }

    [Theory]
    [InlineData("GET", "/tasks", "OPTIONS, POST")]
    [InlineData("POST", "/tasks/x", "DELETE, GET, HEAD, OPTIONS, PUT")]
    [InlineData("GET", "/tasks/x/start", "OPTIONS, POST")]
    [InlineData("PATCH", "/users/x", "GET, HEAD, OPTIONS, PUT")]
    [InlineData("POST", "/projects/x/members/y", "DELETE, OPTIONS, PUT")]
    [InlineData("POST", "/tasks/x/comments", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/", "GET, HEAD, OPTIONS")]
    public async Task Another_method_is_refused_with_those_there_are(string method, string path, string allow)
    {
        var refused = (await host.ChangeAsync(method, path)).ExpectProblem(405, "request/method");
        Assert.Equal(allow, refused.Header("Allow"));
        Assert.Equal(allow, (await host.SendAsync("OPTIONS", path, null)).Expect(204).Header("Allow"));
    }

    [Theory]
    [InlineData("/taskz/x")]
    [InlineData("/Tasks/x")]
    [InlineData("/tasks/x/close")]
    [InlineData("/tasks/x/start/now")]
    [InlineData("/projects/x/members")]
    [InlineData("/openapi")]
    public async Task A_path_of_no_resource_is_told_so(string path) =>
        (await host.ChangeAsync("POST", path)).ExpectProblem(404, "request/no-such-route");

    [Fact]
    public async Task Comments_are_read_page_by_page()
    {
        var task = await host.NewTaskAsync();
        for (var i = 1; i <= 5; i++)
        {
            (await host.ChangeAsync("POST", $"/tasks/{task}/comment", $$"""{"text":"c{{i}}"}""")).Expect(200);
        }

        (await host.ChangeAsync("POST", $"/tasks/{task}/start")).Expect(200);
        var all = (await host.GetAsync($"/tasks/{task}/comments")).Expect(200);
        Assert.Equal("\"7\"", all.ETag);
        Assert.Equal(["c1", "c2", "c3", "c4", "c5"], Texts(all));
        Assert.Equal(JsonValueKind.Null, all.Json.GetProperty("next").ValueKind);
        var first = all.Json.GetProperty("items")[0];
        Assert.Equal("""{"version":2,"author":"ann","text":"c1","at":"2026-03-01T12:02:00Z"}""", first.GetRawText());

        var page = (await host.GetAsync($"/tasks/{task}/comments?limit=2")).Expect(200);
        Assert.Equal(["c1", "c2"], Texts(page));
        page = await host.GetAsync($"/tasks/{task}/comments?limit=3&after={page.Json.GetProperty("next").GetInt64()}");
        Assert.Equal(["c3", "c4", "c5"], Texts(page));
        Assert.Equal(JsonValueKind.Null, page.Json.GetProperty("next").ValueKind);
        Assert.Empty(Texts(await host.GetAsync($"/tasks/{task}/comments?after={long.MaxValue}")));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?consistency=confirmed", true)]
    [InlineData("?utm=x&consistency=confirmed&limit=5", true)]
    public async Task A_read_is_confirmed_if_and_only_if_it_asks_for_it(string query, bool isConfirmed)
    {
        var (task, project) = (await host.NewTaskAsync(), await host.NewProjectAsync());
        foreach (var path in new[] { $"/tasks/{task}", $"/tasks/{task}/comments", $"/projects/{project}" })
        {
            (await host.GetAsync(path + query)).Expect(200);
            var asked = host.Entities.Asked.Last();
            Assert.Equal((true, isConfirmed), (asked.IsRead, asked.IsConfirmed));
        }
    }

    [Theory]
    [InlineData("consistency=")]
    [InlineData("consistency")]
    [InlineData("consistency=Confirmed")]
    [InlineData("consistency=strong")]
    [InlineData("consistency=confirmed&consistency=confirmed")]
    public async Task No_read_pretends_to_be_confirmed(string query)
    {
        foreach (var path in new[] { "/users/u", "/projects/p", "/tasks/t", "/tasks/t/comments" })
        {
            (await host.GetAsync($"{path}?{query}")).ExpectProblem(400, "request/consistency");
        }
    }

    [Theory]
    [InlineData("limit=0", "request/limit")]
    [InlineData("limit=501", "request/limit")]
    [InlineData("limit=-1", "request/limit")]
    [InlineData("limit=ten", "request/limit")]
    [InlineData("limit=", "request/limit")]
    [InlineData("limit=1&limit=2", "request/limit")]
    [InlineData("after=-1", "request/after")]
    [InlineData("after=9223372036854775808", "request/after")]
    [InlineData("after=1.0", "request/after")]
    [InlineData("after=+1", "request/after")]
    public async Task A_page_out_of_bounds_is_malformed(string query, string code)
    {
        var task = await host.NewTaskAsync();
        (await host.GetAsync($"/tasks/{task}/comments?{query}")).ExpectProblem(400, code);
    }

    [Fact]
    public async Task A_page_holds_at_most_five_hundred()
    {
        var task = await host.NewTaskAsync();
        (await host.GetAsync($"/tasks/{task}/comments?limit=500&unknown=x")).Expect(200);
    }

    [Theory]
    [InlineData(16 * 1024, 40)]
    [InlineData(7_000, 90)]
    [InlineData(1, 40)]
    public async Task A_page_of_large_comments_ends_early_and_the_next_goes_on(int length, int comments)
    {
        var task = await host.NewTaskAsync();
        string[] said = [.. Enumerable.Range(1, comments).Select(number => $"{number:000}".PadRight(length, 'x'))];
        foreach (var text in said)
        {
            (await host.ChangeAsync("POST", $"/tasks/{task}/comment", $$"""{"text":"{{text}}"}""")).Expect(200);
        }

        var read = new List<string?>();
        for (long? after = 0; after is not null;)
        {
            var page = (await host.GetAsync($"/tasks/{task}/comments?limit=500&after={after}")).Expect(200);
            Assert.InRange(page.Body.Length, 1, 300 * 1024);
            read.AddRange(Texts(page));
            after = page.Json.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        Assert.Equal(said, read);
    }

    private static IEnumerable<string?> Texts(HttpAnswer page) =>
        page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString());
}
