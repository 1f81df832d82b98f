using System.Text;

namespace AkkaScale.Tests.Unit.Gateway;

public sealed class HeaderTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    [Theory]
    [InlineData("")]
    [InlineData("X-Acting-User: \r\n")]
    [InlineData("X-Acting-User: ..\r\n")]
    [InlineData("X-Acting-User: a/b\r\n")]
    [InlineData("X-Acting-User: a\tb\r\n")]
    [InlineData("X-Acting-User: a%2fb\r\n")]
    [InlineData("X-Acting-User: e\u00cc\u0081\r\n")]
    [InlineData("X-Acting-User: ann\r\nX-Acting-User: ann\r\n")]
    [InlineData("X-Acting-User: ann\r\nX-Acting-User: bob\r\n")]
    public async Task A_changing_request_says_once_who_acts(string headers)
    {
        foreach (var request in new[] { "POST /tasks/t/start", "DELETE /tasks/t", "PUT /users/u", "POST /users" })
        {
            (await RawAsync(request, headers)).ExpectProblem(400, "request/acting-user");
        }
    }

    [Fact]
    public async Task The_acting_user_is_read_as_UTF8()
    {
        var user = host.NewId("u");
        await using var connection = await RawConnection.OpenAsync(host);
        await connection.SendAsync(Encoding.UTF8.GetBytes($"POST /users/{user}/rename HTTP/1.1\r\nHost: x\r\nX-Acting-User: jürgen 😀\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{{\"name\":\"B\"}}"));
        (await connection.ReceiveAsync()).ExpectProblem(404, "user/not-found");
        Assert.Equal("jürgen 😀", host.Entities.Asked.Last().ActingUser);
        Assert.Equal(400, (await RawAsync("POST /tasks/t/start", "X-Acting-User: \u00ff\u00fe\r\n")).Status);
    }

    [Fact]
    public async Task A_read_needs_nobody_to_act() => (await host.GetAsync("/users/nobody")).ExpectProblem(404, "user/not-found");

    [Theory]
    [InlineData("Idempotency-Key: \r\n")]
    [InlineData("Idempotency-Key: a b\r\n")]
    [InlineData("Idempotency-Key: a\u00c3\u00a9\r\n")]
    [InlineData("Idempotency-Key: a\u007f\r\n")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: a\r\n")]
    public async Task A_malformed_key_is_refused(string header)
    {
        (await RawAsync("POST /tasks/t/start", $"X-Acting-User: ann\r\n{header}")).ExpectProblem(400, "request/idempotency-key");
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        (await host.ChangeAsync("POST", "/tasks/nobody/start", null, ("Idempotency-Key", new string('~', 255)))).ExpectProblem(404, "task/not-found");
        (await host.ChangeAsync("POST", "/tasks/nobody/start", null, ("Idempotency-Key", new string('~', 256)))).ExpectProblem(400, "request/idempotency-key");
    }

    [Theory]
    [InlineData("3")]
    [InlineData("*")]
    [InlineData("W/\"3\"")]
    [InlineData("\"3\", \"4\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"03\"")]
    [InlineData("\"3 \"")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("\"9223372036854775808\"")]
    [InlineData("\"3\"\r\nIf-Match: \"3\"")]
    public async Task A_malformed_expected_version_is_refused(string value) =>
        (await RawAsync("POST /tasks/t/start", $"X-Acting-User: ann\r\nIf-Match: {value}\r\n")).ExpectProblem(400, "request/if-match");

    [Fact]
    public async Task A_command_is_done_only_at_the_expected_version()
    {
        var task = await host.NewTaskAsync();
        var mismatch = (await host.ChangeAsync("POST", $"/tasks/{task}/start", null, ("If-Match", "\"2\""))).ExpectProblem(412, "version/mismatch");
        Assert.Equal((1, "\"1\""), (mismatch.Version, mismatch.ETag));
        (await host.ChangeAsync("POST", $"/tasks/{task}/start", null, ("If-Match", "\"9223372036854775807\""))).ExpectProblem(412, "version/mismatch");
        (await host.ChangeAsync("POST", $"/tasks/{task}/start", null, ("If-Match", "\"1\""))).Expect(200);
        (await host.GetAsync($"/tasks/{task}", ("If-Match", "\"1\""))).ExpectProblem(412, "version/mismatch");
        (await host.GetAsync($"/tasks/{task}", ("If-Match", "\"2\""))).Expect(200);
    }

    [Fact]
    public async Task Version_zero_expects_that_there_is_nothing_yet()
    {
        var user = host.NewId("u");
        (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""", ("If-Match", "\"0\""))).Expect(201);
        (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""", ("If-Match", "\"0\""))).ExpectProblem(412, "version/mismatch");
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData("wait=1", 1)]
    [InlineData("wait=30", 30)]
    [InlineData("respond-async, WAIT = \"7\"; foo=bar, other", 7)]
    [InlineData("return=minimal", 15)]
    public async Task The_time_to_try_travels_on(string? prefer, int seconds)
    {
        (string, string)[] headers = prefer is null ? [] : [("Prefer", prefer)];
        (await host.ChangeAsync("POST", "/tasks/nobody/start", null, headers)).Expect(404);
        Assert.InRange(host.Entities.Asked.Last().Timeout, TimeSpan.FromSeconds(seconds / 2.0), TimeSpan.FromSeconds(seconds));
        (await host.GetAsync("/tasks/nobody", headers)).Expect(404);
        Assert.Equal(TimeSpan.FromSeconds(seconds), host.Entities.Asked.Last().Timeout);
    }

    [Theory]
    [InlineData("wait=0")]
    [InlineData("wait=31")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=99999999999999999999")]
    [InlineData("wait=1, wait=2")]
    public async Task A_time_that_cannot_be_kept_is_refused(string prefer)
    {
        (await host.ChangeAsync("POST", "/tasks/nobody/start", null, ("Prefer", prefer))).ExpectProblem(400, "request/prefer");
        (await host.GetAsync("/tasks/nobody", ("Prefer", prefer))).ExpectProblem(400, "request/prefer");
        (await host.GetAsync("/tasks/nobody/comments", ("Prefer", prefer))).ExpectProblem(400, "request/prefer");
    }

    [Fact]
    public async Task Would_be_internal_headers_mean_nothing()
    {
        var task = await host.NewTaskAsync();
        (await host.ChangeAsync(
            "POST", $"/tasks/{task}/start", null,
            ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Prefix", "/x"), ("X-Original-URL", "/tasks/other"), ("X-HTTP-Method-Override", "DELETE"),
            ("X-Owner", "n"), ("X-Epoch", "9"), ("X-Command-Id", "00000000-0000-0000-0000-000000000001"))).Expect(200);
        var asked = host.Entities.Asked.Last();
        Assert.Equal((task, false), (asked.Entity.Id, asked.IsClientKey));
        Assert.NotEqual(new Guid("00000000-0000-0000-0000-000000000001"), asked.CommandId);
    }

    private Task<HttpAnswer> RawAsync(string request, string headers) =>
        RawConnection.ExchangeAsync(host, $"{request} HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\n{headers}Content-Length: 0\r\n\r\n");
}
