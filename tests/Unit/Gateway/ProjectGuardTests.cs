using AkkaScale.Entities;

namespace AkkaScale.Tests.Unit.Gateway;

public sealed class ProjectGuardTests(GatewayHost host) : IClassFixture<GatewayHost>, IDisposable
{
    public void Dispose() => host.Entities.Instead = null;

    [Fact]
    public async Task A_task_is_created_only_in_a_project_that_exists_and_is_not_archived()
    {
        var task = host.NewId("t");
        var refused = (await CreateAsync(task, "nowhere")).ExpectProblem(404, "project/not-found");
        Assert.Equal("\"0\"", refused.ETag);
        (await CreateAsync(task, await ArchivedProjectAsync())).ExpectProblem(409, "project/archived");
        Assert.Equal(0, host.Entities.VersionOf("task", task));
        (await CreateAsync(task, await host.NewProjectAsync())).Expect(201);
    }

    [Fact]
    public async Task A_task_is_moved_only_to_a_project_that_exists_and_is_not_archived()
    {
        var task = await host.NewTaskAsync();
        (await MoveAsync(task, "nowhere")).ExpectProblem(404, "project/not-found");
        var refused = (await MoveAsync(task, await ArchivedProjectAsync())).ExpectProblem(409, "project/archived");
        Assert.Equal("\"1\"", refused.ETag);
        var project = await host.NewProjectAsync();
        Assert.Equal(project, (await MoveAsync(task, project)).Expect(200).Text("project"));
    }

    [Fact]
    public async Task A_repeated_creation_gets_its_first_answer_though_the_project_is_archived_meanwhile()
    {
        var (task, project) = (host.NewId("t"), await host.NewProjectAsync());
        (await CreateAsync(task, project, "k")).Expect(201);
        (await host.ChangeAsync("POST", $"/projects/{project}/archive")).Expect(200);
        var again = (await CreateAsync(task, project, "k")).Expect(201);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_repeated_move_gets_its_first_answer_though_the_project_is_archived_meanwhile()
    {
        var (task, project) = (await host.NewTaskAsync(), await host.NewProjectAsync());
        (await MoveAsync(task, project, "k")).Expect(200);
        (await host.ChangeAsync("POST", $"/projects/{project}/archive")).Expect(200);
        Assert.Equal("true", (await MoveAsync(task, project, "k")).Expect(200).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_refusal_by_the_project_is_repeated_though_it_would_now_agree()
    {
        var (task, project) = (host.NewId("t"), await ArchivedProjectAsync());
        (await CreateAsync(task, project, "k")).ExpectProblem(409, "project/archived");
        (await host.ChangeAsync("POST", $"/projects/{project}/restore")).Expect(200);
        var again = (await CreateAsync(task, project, "k")).ExpectProblem(409, "project/archived");
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        (await CreateAsync(task, project, "k2")).Expect(201);
    }

    [Fact]
    public async Task What_exists_is_judged_by_itself_though_its_project_is_archived()
    {
        var (task, project) = (host.NewId("t"), await host.NewProjectAsync());
        (await CreateAsync(task, project)).Expect(201);
        (await host.ChangeAsync("POST", $"/projects/{project}/archive")).Expect(200);
        Assert.Equal(1, (await CreateAsync(task, project)).Expect(200).Version);
        (await CreateAsync(task, project, title: "Other")).ExpectProblem(409, "task/exists");
        (await host.ChangeAsync("DELETE", $"/tasks/{task}")).Expect(200);
        (await CreateAsync(task, project)).ExpectProblem(410, "task/deleted");
    }

    [Fact]
    public async Task A_project_that_cannot_be_reached_says_nothing_of_the_task()
    {
        host.Entities.Instead = ask =>
            ask.Entity.Kind == "project" ? new(ReplyStatus.ShardUnavailable, "", "", 7, false, false, null) : null;
        var task = host.NewId("t");
        var refused = (await CreateAsync(task, "p")).ExpectProblem(503, "shard/unavailable");
        Assert.Null(refused.ETag);
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.DoesNotContain(host.Entities.Asked, ask => ask.Entity.Id == task);
    }

    private async Task<string> ArchivedProjectAsync()
    {
        var project = await host.NewProjectAsync();
        (await host.ChangeAsync("POST", $"/projects/{project}/archive")).Expect(200);
        return project;
    }

    private Task<HttpAnswer> CreateAsync(string task, string project, string? key = null, string title = "T") =>
        host.ChangeAsync("PUT", $"/tasks/{task}", $$"""{"project":"{{project}}","title":"{{title}}"}""", Key(key));

    private Task<HttpAnswer> MoveAsync(string task, string project, string? key = null) =>
        host.ChangeAsync("POST", $"/tasks/{task}/move", $$"""{"project":"{{project}}"}""", Key(key));

    private static (string, string)[] Key(string? key) => key is null ? [] : [("Idempotency-Key", key)];
}
