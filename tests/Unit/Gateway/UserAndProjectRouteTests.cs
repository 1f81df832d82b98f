namespace AkkaScale.Tests.Unit.Gateway;

public sealed class UserAndProjectRouteTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_user_is_registered_renamed_and_read()
    {
        var user = host.NewId("u");
        var made = (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""")).Expect(201);
        Assert.Equal($"/users/{user}", made.Header("Location"));
        Assert.Equal(
            $$"""{"id":"{{user}}","version":1,"name":"Bo","email":null,"createdAt":"2026-03-01T12:01:00Z","updatedAt":"2026-03-01T12:01:00Z"}""", made.Body);
        Assert.Equal(1, (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo","email":null}""")).Expect(200).Version);
        (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Al"}""")).ExpectProblem(409, "user/exists");
        Assert.Equal("Al", (await host.ChangeAsync("POST", $"/users/{user}/rename", """{"name":"Al"}""")).Expect(200).Text("name"));
        Assert.Equal("\"2\"", (await host.GetAsync($"/users/{user}")).Expect(200).ETag);
        (await host.GetAsync("/users/nobody")).ExpectProblem(404, "user/not-found");
    }

    [Fact]
    public async Task A_project_is_created_renamed_archived_and_restored()
    {
        var project = host.NewId("p");
        var made = (await host.ChangeAsync("PUT", $"/projects/{project}", """{"name":"One","owner":"bo"}""")).Expect(201);
        Assert.Equal($"/projects/{project}", made.Header("Location"));
        Assert.Equal("""[{"user":"bo","role":"owner"}]""", made.Json.GetProperty("members").GetRawText());
        (await host.ChangeAsync("PUT", $"/projects/{project}", """{"name":"One","owner":"bo"}""")).Expect(200);
        (await host.ChangeAsync("PUT", $"/projects/{project}", """{"name":"Two","owner":"bo"}""")).ExpectProblem(409, "project/exists");
        Assert.Equal("Two", (await host.ChangeAsync("POST", $"/projects/{project}/rename", """{"name":"Two"}""")).Expect(200).Text("name"));
        Assert.True((await host.ChangeAsync("POST", $"/projects/{project}/archive")).Expect(200).Json.GetProperty("archived").GetBoolean());
        Assert.False((await host.ChangeAsync("POST", $"/projects/{project}/restore")).Expect(200).Json.GetProperty("archived").GetBoolean());
        Assert.Equal(4, (await host.GetAsync($"/projects/{project}")).Expect(200).Version);
        (await host.GetAsync("/projects/nowhere")).ExpectProblem(404, "project/not-found");
    }

    [Fact]
    public async Task Members_come_change_and_go_and_the_last_owner_stays()
    {
        var project = await host.NewProjectAsync();
        (await host.ChangeAsync("PUT", $"/projects/{project}/members/b%C3%B6", """{"role":"viewer"}""")).Expect(200);
        var changed = (await host.ChangeAsync("PUT", $"/projects/{project}/members/b%C3%B6", """{"role":"editor"}""")).Expect(200);
        Assert.Equal("bö", changed.Json.GetProperty("members")[1].GetProperty("user").GetString());
        Assert.Equal("editor", changed.Json.GetProperty("members")[1].GetProperty("role").GetString());
        var removed = (await host.ChangeAsync("DELETE", $"/projects/{project}/members/b%C3%B6")).Expect(200);
        Assert.Equal(1, removed.Json.GetProperty("members").GetArrayLength());
        Assert.Equal(409, (await host.ChangeAsync("DELETE", $"/projects/{project}/members/ann")).Status);
        (await host.ChangeAsync("PUT", $"/projects/{project}/members/bo", """{"role":"king"}""")).ExpectProblem(400, "request/body");
    }

    [Theory]
    [InlineData("/users", """{"name":"Bo"}""")]
    [InlineData("/projects", """{"name":"One","owner":"bo"}""")]
    public async Task POST_on_a_collection_makes_the_id_and_a_retry_meets_the_same_entity(string collection, string body)
    {
        var key = ("Idempotency-Key", host.NewId("key"));
        var made = (await host.ChangeAsync("POST", collection, body, key)).Expect(201);
        var id = made.Text("id")!;
        Assert.Equal($"{collection}/{id}", made.Header("Location"));
        Assert.Equal('8', id[14]);

        var again = (await host.ChangeAsync("POST", collection, body, key)).Expect(201);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal((made.Body, made.Header("Location"), made.ETag), (again.Body, again.Header("Location"), again.ETag));
        Assert.NotEqual(id, (await host.ChangeAsync("POST", collection, body, key, ("X-Acting-User", "bo"))).Expect(201).Text("id"));
    }

    [Fact]
    public async Task POST_without_a_key_makes_another_entity_each_time()
    {
        var first = (await host.ChangeAsync("POST", "/users", """{"name":"Bo"}""")).Expect(201).Text("id")!;
        var second = (await host.ChangeAsync("POST", "/users", """{"name":"Bo"}""")).Expect(201).Text("id")!;
        Assert.NotEqual(first, second);
        Assert.Equal('7', first[14]);
    }
}
