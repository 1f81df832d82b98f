namespace AkkaScale.Tests.Unit.Gateway;

public sealed class IdempotencyTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_repeated_key_gets_the_first_answer_and_takes_effect_once()
    {
        var task = await host.NewTaskAsync();
        var first = (await CommentAsync(task, "k1", "Hm")).Expect(200);
        Assert.Null(first.Header("Idempotency-Replayed"));
        var again = (await CommentAsync(task, "k1", "Hm")).Expect(200);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((first.Body, first.ETag), (again.Body, again.ETag));
        Assert.Equal(2, host.Entities.VersionOf("task", task));
    }

    [Fact]
    public async Task Once_the_entity_has_gone_on_a_repeat_shows_id_and_version()
    {
        var task = await host.NewTaskAsync();
        (await CommentAsync(task, "k1", "Hm")).Expect(200);
        (await CommentAsync(task, "k2", "Ah")).Expect(200);
        var again = (await CommentAsync(task, "k1", "Hm")).Expect(200);
        Assert.Equal($$"""{"id":"{{task}}","version":2}""", again.Body);
        Assert.Equal("\"2\"", again.ETag);
    }

    [Fact]
    public async Task A_repeated_creation_is_201_again()
    {
        var user = host.NewId("u");
        (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""", ("Idempotency-Key", "k"))).Expect(201);
        (await host.ChangeAsync("POST", $"/users/{user}/rename", """{"name":"Al"}""")).Expect(200);
        var again = (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""", ("Idempotency-Key", "k"))).Expect(201);
        Assert.Equal($"/users/{user}", again.Header("Location"));
        Assert.Equal($$"""{"id":"{{user}}","version":1}""", again.Body);
    }

    [Fact]
    public async Task A_refusal_is_repeated_even_when_the_rule_would_now_agree()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/complete")).Expect(200);
        (await RenameAsync(task, "k", "New")).ExpectProblem(409, "task/already-done");
        (await host.ChangeAsync("POST", $"/tasks/{task}/reopen")).Expect(200);
        var again = (await RenameAsync(task, "k", "New")).ExpectProblem(409, "task/already-done");
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((2, "\"2\""), (again.Version, again.ETag));
        (await RenameAsync(task, "k2", "New")).Expect(200);
    }

    [Fact]
    public async Task Deduplication_precedes_the_expected_version()
    {
        var task = await host.NewTaskAsync();
        (string, string)[] headers = [("Idempotency-Key", "k"), ("If-Match", "\"1\"")];
        (await host.ChangeAsync("POST", $"/tasks/{task}/start", null, headers)).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/start", null, headers)).Expect(200);
    }

    [Fact]
    public async Task A_key_used_for_another_request_is_refused()
    {
        var task = await host.NewTaskAsync();
        (await RenameAsync(task, "k", "One")).Expect(200);
        (await RenameAsync(task, "k", "Two")).ExpectProblem(409, "idempotency/payload-differs");
        (await CommentAsync(task, "k", "One")).ExpectProblem(409, "idempotency/payload-differs");
        (await host.ChangeAsync("POST", $"/tasks/{task}/rename", """{"title":"One"}""", ("Idempotency-Key", "k"), ("If-Match", "\"1\"")))
            .ExpectProblem(409, "idempotency/payload-differs");
        Assert.Equal(2, host.Entities.VersionOf("task", task));
    }

    [Fact]
    public async Task The_same_body_in_another_spelling_is_the_same_request()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/label", """{"add":["a","b"],"remove":[]}""", ("Idempotency-Key", "k"))).Expect(200);
        var again = await host.ChangeAsync("POST", $"/tasks/{task}/label", """{ "add" : ["b","\u0061"] }""", ("Idempotency-Key", "k"));
        Assert.Equal("true", again.Expect(200).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_key_is_scoped_to_the_entity_and_the_acting_user()
    {
        var (one, two) = (await host.NewTaskAsync(), await host.NewTaskAsync());
        (await CommentAsync(one, "k", "Hm")).Expect(200);
        Assert.Null((await CommentAsync(two, "k", "Hm")).Expect(200).Header("Idempotency-Replayed"));
        var bob = await host.ChangeAsync("POST", $"/tasks/{one}/comment", """{"text":"Hm"}""", ("Idempotency-Key", "k"), ("X-Acting-User", "bob"));
        Assert.Null(bob.Expect(200).Header("Idempotency-Replayed"));
        Assert.Equal(3, host.Entities.VersionOf("task", one));
    }

    [Fact]
    public async Task Only_a_key_of_the_client_is_marked_as_one_and_hashed()
    {
        (await CommentAsync("nobody", "k", "Hm")).Expect(404);
        var keyed = host.Entities.Asked.Last();
        Assert.True(keyed.IsClientKey);
        Assert.False(keyed.Hash.IsEmpty);
        Assert.Equal(8, keyed.CommandId!.Value.Version);
        (await host.ChangeAsync("POST", "/tasks/nobody/start")).Expect(404);
        var made = host.Entities.Asked.Last();
        Assert.False(made.IsClientKey);
        Assert.True(made.Hash.IsEmpty);
        Assert.Equal(7, made.CommandId!.Value.Version);
    }

    private Task<HttpAnswer> CommentAsync(string task, string key, string text) =>
        host.ChangeAsync("POST", $"/tasks/{task}/comment", $$"""{"text":"{{text}}"}""", ("Idempotency-Key", key));

    private Task<HttpAnswer> RenameAsync(string task, string key, string title) =>
        host.ChangeAsync("POST", $"/tasks/{task}/rename", $$"""{"title":"{{title}}"}""", ("Idempotency-Key", key));
}
