using System.Text;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Resources;
using AkkaScale.Gateway.Routing;

namespace AkkaScale.Tests.Unit.Gateway;

public sealed class BodyTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private const string Good = "\"project\":\"p\",\"title\":\"T\"";

    /// <summary>A body, and what the detail must say.</summary>
    public static TheoryData<string, string> Malformed => new()
    {
        { "", "missing" },
        { "  ", "not valid JSON" },
        { "null", "$ must be an object" },
        { "[]", "$ must be an object" },
        { "\"x\"", "$ must be an object" },
        { "{", "not valid JSON" },
        { $"{{{Good}", "not valid JSON" },
        { $"{{{Good}}}}}", "line 1, byte 28" },
        { $"{{{Good}}} {{}}", "not valid JSON" },
        { $"{{{Good},}}", "not valid JSON" },
        { $"{{{Good}}}// x", "not valid JSON" },
        { $"\ufeff{{{Good}}}", "not valid JSON" },
        { "{project:\"p\"}", "not valid JSON" },
        { "{'project':'p'}", "not valid JSON" },
        { $"{{{Good},\"extra\":1}}", "$ has no member \"extra\" (line 1, byte 28)" },
        { $"{{{Good},\"Title\":\"T\"}}", "has no member \"Title\"" },
        { $"{{{Good},\"$type\":\"delete\"}}", "has no member \"$type\"" },
        { $"{{{Good},\"title\":\"U\"}}", "$.title is there twice" },
        { $"{{{Good},\"t\\u0069tle\":\"U\"}}", "$.title is there twice" },
        { "{\"title\":\"T\"}", "$.project is missing" },
        { "{\"project\":\"p\"}", "$.title is missing" },
        { "{\"project\":null,\"title\":\"T\"}", "$.project must not be null" },
        { "{\"project\":\"p\",\"title\":1}", "$.title must be a string" },
        { "{\"project\":\"p\",\"title\":true}", "$.title must be a string" },
        { "{\"project\":\"p\",\"title\":[\"T\"]}", "$.title must be a string" },
        { "{\"project\":\"p\",\"title\":{}}", "$.title must be a string" },
        { "{\"project\":\"p\",\"title\":NaN}", "$.title is not valid JSON" },
        { "{\"project\":\"p\",\n\"title\":Infinity}", "line 2, byte 9" },
        { "{\"project\":\"p\",\n \"title\":7}", "line 2, byte 10" },
        { $"{{{Good},\"priority\":\"High\"}}", "$.priority must be one of: low, normal, high, urgent" },
        { $"{{{Good},\"priority\":2}}", "$.priority must be one of" },
        { $"{{{Good},\"priority\":\"low, high\"}}", "$.priority must be one of" },
        { $"{{{Good},\"due\":\"2026-05-01\"}}", "$.due must be a time" },
        { $"{{{Good},\"due\":\"2026-05-01T10:00:00\"}}", "$.due must be a time" },
        { $"{{{Good},\"due\":\"2026-02-30T10:00:00Z\"}}", "$.due must be a time" },
        { $"{{{Good},\"due\":1777629600}}", "$.due must be a time" },
        { $"{{{Good},\"labels\":\"a\"}}", "$.labels must be an array of strings" },
        { $"{{{Good},\"labels\":[\"a\",2]}}", "$.labels[1] must be a string" },
        { $"{{{Good},\"labels\":[\"a\",null]}}", "$.labels[1] must be a string" },
        { $"{{{Good},\"labels\":[\"a\",\"\\u0000\"]}}", "$.labels[1] holds U+0000" },
        { $"{{{Good},\"labels\":{Deep(40)}}}", "$.labels[0] must be a string" },
        { $"{{{Good},\"description\":\"a\\u0000\"}}", "$.description holds U+0000" },
        { $"{{{Good},\"description\":\"a\u0000\"}}", "$.description is not valid JSON" },
        { $"{{{Good},\"description\":\"\\ud800\"}}", "$.description holds invalid UTF-8 or a lone surrogate" },
        { $"{{{Good},\"description\":\"\\udc00\\ud800\"}}", "$.description holds invalid UTF-8 or a lone surrogate" },
        { $"{{{Good},\"\\ud800\":1}}", "name is invalid UTF-8" },
        { Deep(40), "$ must be an object" },
    };

    public static TheoryData<string> BadIds => ["", ".", "..", "a/b", "a\\\\b", "a\\nb", "e\u0301", "a%2fb", new('x', 256)];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_body_is_refused_with_the_place_and_reaches_no_entity(string body, string detail)
    {
        var (task, asked) = (host.NewId("t"), host.Entities.Asked.Count);
        var refused = (await host.ChangeAsync("PUT", $"/tasks/{task}", body)).ExpectProblem(400, "request/body");
        Assert.Contains(detail, refused.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("AkkaScale", refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(asked, host.Entities.Asked.Count);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xC0, 0xAF, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })]
    public void Invalid_UTF8_is_refused(byte[] title)
    {
        byte[] body = [.. "{\"title\":"u8, .. title, (byte)'}'];
        var rename = TaskRoutes.All.OfType<CommandRoute>().Single(route => route.Template == "/tasks/{id}/rename");
        Assert.Contains("invalid UTF-8", rename.Body.TryParse(body, out _)!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadIds))]
    public async Task Ids_in_bodies_have_the_same_rules(string id)
    {
        var refused = (await host.ChangeAsync("PUT", $"/tasks/{host.NewId("t")}", $$"""{"project":"{{id}}","title":"T"}""")).ExpectProblem(400, "request/id");
        Assert.StartsWith("$.project ", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_shown_is_cut_and_escaped()
    {
        var refused = await host.ChangeAsync("PUT", "/users/u", $$"""{"\u001b[31m{{new string('x', 200)}}":1}""");
        refused.ExpectProblem(400, "request/body");
        Assert.DoesNotContain('\u001b', refused.Body);
        Assert.True(refused.Text("detail")!.Length < 150);
    }

    [Fact]
    public async Task Text_is_stored_verbatim()
    {
        var user = host.NewId("u");
        const string Name = "Robert'); DROP TABLE journal;-- \u202e\u001b[31m\r\n😀 \\u0041";
        var body = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["name"] = Name });
        (await host.ChangeAsync("PUT", $"/users/{user}", body)).Expect(201);
        Assert.Equal(Name, (await host.GetAsync($"/users/{user}")).Text("name"));
    }

    [Theory]
    [InlineData("PUT", "/users/u", """{"name":""}""")]
    [InlineData("PUT", "/users/u", """{"name":"A","email":"nowhere"}""")]
    [InlineData("POST", "/tasks/t/comment", """{"text":""}""")]
    public async Task A_body_that_breaks_a_limit_of_the_domain_is_refused_before_it_is_sent(string method, string path, string body)
    {
        var asked = host.Entities.Asked.Count;
        var refused = (await host.ChangeAsync(method, path, body)).Expect(400);
        Assert.StartsWith("request/", refused.Text("code"), StringComparison.Ordinal);
        Assert.Equal(asked, host.Entities.Asked.Count);
    }

    [Fact]
    public async Task Limits_of_texts_are_met_exactly()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync("POST", $"/tasks/{task}/rename", $$"""{"title":"{{Smile(500)}}"}""")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/rename", $$"""{"title":"{{Smile(501)}}"}""")).Expect(400);
        (await host.ChangeAsync("POST", $"/tasks/{task}/describe", $$"""{"description":"{{new string('x', 65536)}}"}""")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/describe", $$"""{"description":"{{new string('x', 65537)}}"}""")).Expect(400);
        (await host.ChangeAsync("POST", $"/tasks/{task}/comment", $$"""{"text":"{{new string('x', 16384)}}"}""")).Expect(200);
        (await host.ChangeAsync("POST", $"/tasks/{task}/comment", $$"""{"text":"{{new string('x', 16385)}}"}""")).Expect(400);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/problem+json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task Another_content_type_is_not_supported(string contentType)
    {
        var header = contentType.Length == 0 ? "" : $"Content-Type: {contentType}\r\n";
        (await PostAsync($"{header}Content-Length: 13\r\n\r\n{{\"name\":\"Bo\"}}")).ExpectProblem(415, "request/content-type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; Charset=\"UTF-8\"")]
    public async Task JSON_in_UTF8_is_supported_however_it_is_written(string contentType) =>
        (await PostAsync($"Content-Type: {contentType}\r\nContent-Length: 13\r\n\r\n{{\"name\":\"Bo\"}}")).Expect(201);

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity, br")]
    public async Task Encoded_bodies_are_not_supported(string encoding) =>
        (await PostAsync($"Content-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: 13\r\n\r\n{{\"name\":\"Bo\"}}"))
            .ExpectProblem(415, "request/content-encoding");

    [Fact]
    public async Task A_body_over_the_limit_is_refused_by_its_length_before_it_is_sent()
    {
        var refused = await PostAsync("Content-Type: application/json\r\nContent-Length: 262145\r\n\r\n");
        refused.ExpectProblem(413, "request/body-too-large");
        Assert.Equal("close", refused.Header("Connection"));
    }

    [Fact]
    public async Task A_client_that_waits_for_leave_to_send_is_not_told_to_go_on()
    {
        (await PostAsync("Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 262145\r\n\r\n")).ExpectProblem(413, "request/body-too-large");
    }

    [Fact]
    public async Task A_chunked_body_is_cut_at_the_limit()
    {
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync(Head + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = "4000\r\n" + new string(' ', 0x4000) + "\r\n";
        for (var i = 0; i < 17; i++)
        {
            await connection.SendAsync(chunk);
        }

        (await connection.ReceiveAsync()).ExpectProblem(413, "request/body-too-large");
        await connection.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(10_000_000)]
    public async Task A_client_that_sends_on_regardless_still_learns_why(int length) =>
        (await host.ChangeAsync("PUT", "/users/u", new string(' ', length))).ExpectProblem(413, "request/body-too-large");

    [Fact]
    public async Task A_body_at_the_limit_is_read_whole_however_it_is_cut()
    {
        var body = "{\"name\":\"Bo\"" + new string(' ', (256 * 1024) - 13) + "}";
        (await PostAsync($"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}")).Expect(201);
        var chunks = string.Concat(body.Chunk(1000).Select(part => $"{part.Length:x}\r\n{new string(part)}\r\n"));
        (await PostAsync($"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")).Expect(201);
    }

    [Fact]
    public async Task A_read_with_a_body_is_malformed()
    {
        (await RawConnection.ExchangeAsync(host, $"GET /users/u HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nContent-Length: 2\r\n\r\n{{}}"))
            .ExpectProblem(400, "request/body");
    }

    [Fact]
    public void No_body_has_a_member_twice()
    {
        foreach (var route in UserRoutes.All.Concat(ProjectRoutes.All).Concat(TaskRoutes.All).OfType<CommandRoute>())
        {
            IReadOnlyList<BodyField> fields = route.Body.Fields;
            Assert.Equal(fields.Count, fields.Select(field => field.Name).Distinct().Count());
        }
    }

    private string Head => $"POST /users HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nX-Acting-User: ann\r\n";

    private Task<HttpAnswer> PostAsync(string rest) => RawConnection.ExchangeAsync(host, Head + rest);

    private static string Smile(int count) => new StringBuilder().Insert(0, "😀", count).ToString();

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);
}
