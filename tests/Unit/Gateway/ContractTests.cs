using System.Text;
using AkkaScale.Entities;
using AkkaScale.Tests.Unit.Architecture;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>
/// The HTTP contract as clients see it: conversations with every route and every error, compared with checked-in files. Nothing here writes those;
/// AKKASCALE_PRINT_GOLDEN names a folder that gets the present forms, to look at and to copy by hand.
/// </summary>
public sealed class ContractTests : IAsyncLifetime
{
    private const string Task = """{"project":"p-1","title":"Write it down"}""";

    private readonly GatewayHost _host = new();
    private readonly StringBuilder _transcript = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Users()
    {
        await TellAsync("PUT", "/users/ann", """{"name":"Ann","email":"ann@example.org"}""");
        await TellAsync("PUT", "/users/ann", """{"name":"Ann","email":"ann@example.org"}""");
        await TellAsync("PUT", "/users/ann", """{"name":"Anna"}""");
        await TellAsync("POST", "/users", """{"name":"Bo"}""", ("Idempotency-Key", "key-1"));
        await TellAsync("POST", "/users", """{"name":"Bo"}""", ("Idempotency-Key", "key-1"));
        await TellAsync("POST", "/users/ann/rename", """{"name":"Anna"}""");
        await TellAsync("GET", "/users/ann");
        await TellAsync("HEAD", "/users/ann");
        await TellAsync("GET", "/users/ann?consistency=confirmed");
        await TellAsync("GET", "/users/nobody");
        ExpectGolden("users.http");
    }

    [Fact]
    public async Task Projects()
    {
        await TellAsync("PUT", "/projects/p-1", """{"name":"One","owner":"ann"}""");
        await TellAsync("PUT", "/projects/p-1", """{"name":"Two","owner":"ann"}""");
        await TellAsync("POST", "/projects", """{"name":"Two","owner":"ann"}""", ("Idempotency-Key", "key-1"));
        await TellAsync("POST", "/projects/p-1/rename", """{"name":"Uno"}""");
        await TellAsync("PUT", "/projects/p-1/members/j%C3%B6rg", """{"role":"editor"}""");
        await TellAsync("DELETE", "/projects/p-1/members/j%C3%B6rg");
        await TellAsync("DELETE", "/projects/p-1/members/ann");
        await TellAsync("POST", "/projects/p-1/archive");
        await TellAsync("PUT", "/tasks/t-1", Task);
        await TellAsync("POST", "/projects/p-1/restore");
        await TellAsync("GET", "/projects/p-1");
        await TellAsync("GET", "/projects/nowhere");
        ExpectGolden("projects.http");
    }

    [Fact]
    public async Task Tasks()
    {
        await _host.ChangeAsync("PUT", "/projects/p-1", """{"name":"One","owner":"ann"}""");
        await _host.ChangeAsync("PUT", "/projects/p-2", """{"name":"Two","owner":"ann"}""");
        await TellAsync(
            "PUT", "/tasks/t-1",
            """{"project":"p-1","title":"Write","description":"All","priority":"high","due":"2026-05-01T08:00:00Z","labels":["b","a"]}""");
        await TellAsync("PUT", "/tasks/t-1", Task);
        await TellAsync("POST", "/tasks", Task, ("Idempotency-Key", "key-1"));
        await TellAsync("PUT", "/tasks/t-2", """{"project":"nowhere","title":"T"}""");
        await TellAsync("POST", "/tasks/t-1/rename", """{"title":"Read"}""");
        await TellAsync("POST", "/tasks/t-1/describe", """{"description":null}""");
        await TellAsync("POST", "/tasks/t-1/prioritize", """{"priority":"low"}""");
        await TellAsync("POST", "/tasks/t-1/schedule", """{"due":null}""");
        await TellAsync("POST", "/tasks/t-1/label", """{"add":["c"],"remove":["a"]}""");
        await TellAsync("POST", "/tasks/t-1/assign", """{"user":"bo"}""");
        await TellAsync("POST", "/tasks/t-1/unassign");
        await TellAsync("POST", "/tasks/t-1/comment", """{"text":"One"}""", ("Idempotency-Key", "key-2"));
        await TellAsync("POST", "/tasks/t-1/comment", """{"text":"Two"}""");
        await TellAsync("POST", "/tasks/t-1/comment", """{"text":"One"}""", ("Idempotency-Key", "key-2"));
        await TellAsync("POST", "/tasks/t-1/comment", """{"text":"Other"}""", ("Idempotency-Key", "key-2"));
        await TellAsync("GET", "/tasks/t-1/comments?limit=1");
        await TellAsync("GET", "/tasks/t-1/comments?after=9");
        await TellAsync("POST", "/tasks/t-1/start", null, ("If-Match", "\"3\""));
        await TellAsync("POST", "/tasks/t-1/start", null, ("If-Match", "\"10\""));
        await TellAsync("POST", "/tasks/t-1/complete");
        await TellAsync("POST", "/tasks/t-1/complete");
        await TellAsync("POST", "/tasks/t-1/reopen");
        await TellAsync("POST", "/tasks/t-1/move", """{"project":"p-2"}""");
        await TellAsync("GET", "/tasks/t-1");
        await TellAsync("DELETE", "/tasks/t-1");
        await TellAsync("GET", "/tasks/t-1");
        await TellAsync("GET", "/tasks/nothing");
        ExpectGolden("tasks.http");
    }

    [Fact]
    public async Task Errors()
    {
        await TellAsync("GET", "/");
        await TellAsync("GET", "/nothing");
        await TellAsync("PATCH", "/tasks/t");
        await TellAsync("OPTIONS", "/tasks/t");
        await TellAsync("GET", "/tasks/a%252fb");
        await TellAsync("PUT", "/users/u", """{"name":"A","nick":"B"}""");
        await TellAsync("PUT", "/users/u", """{"name":"A","email":"nowhere"}""");
        await TellAsync("PUT", "/tasks/t", """{"project":"..","title":"B"}""");
        await TellAsync("PUT", "/users/u", """{"name":"A"}""", ("X-Acting-User", ""));
        await TellAsync("PUT", "/users/u", """{"name":"A"}""", ("Idempotency-Key", "a b"));
        await TellAsync("PUT", "/users/u", """{"name":"A"}""", ("If-Match", "*"));
        await TellAsync("PUT", "/users/u", """{"name":"A"}""", ("Prefer", "wait=31"));
        await TellAsync("PUT", "/users/u", """{"name":"A"}""", ("Content-Encoding", "gzip"));
        await TellAsync("GET", "/tasks/t/comments?limit=0");
        await TellAsync("GET", "/tasks/t/comments?after=x");
        await TellAsync("GET", "/tasks/t?consistency=strong");
        foreach (var status in new[] { ReplyStatus.Overloaded, ReplyStatus.ShardUnavailable, ReplyStatus.StoreUnavailable, ReplyStatus.DeadlineExceeded })
        {
            _host.Entities.Instead = _ => new(status, "", "", -1, false, false, null);
            await TellAsync("POST", "/tasks/t/start");
        }

        _host.Entities.Instead = _ => throw new InvalidOperationException("A fault.");
        await TellAsync("POST", "/tasks/t/start");
        ExpectGolden("errors.http");
    }

    [Fact]
    public async Task The_OpenAPI_document()
    {
        _transcript.Append((await _host.GetAsync("/openapi/v1.json")).Expect(200).Body).Append('\n');
        ExpectGolden("openapi.json");
    }

    private async Task TellAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        _transcript.Append($"> {method} {path}\n");
        foreach (var (name, value) in headers)
        {
            _transcript.Append($"> {name}: {value}\n");
        }

        _transcript.Append(body is null ? "" : $"> {body}\n");
        var answer = await _host.ChangeAsync(method, path, body, headers);
        _transcript.Append($"{answer.Status}\n");
        foreach (var (name, value) in answer.Headers.Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            _transcript.Append($"{name}: {value}\n");
        }

        _transcript.Append(answer.Body.Length == 0 ? "\n" : $"{answer.Body}\n\n");
    }

    private void ExpectGolden(string name)
    {
        var present = _transcript.ToString();
        if (Environment.GetEnvironmentVariable("AKKASCALE_PRINT_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name), present);
        }

        var path = RepositoryFolder.At("tests", "Unit", "Gateway", "Golden", name);
        Assert.True(File.Exists(path), $"{path} is missing. Its content would be:\n{present}");
        Assert.Equal(File.ReadAllText(path), present);
    }
}
