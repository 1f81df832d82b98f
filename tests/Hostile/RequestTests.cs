using System.Text.Json;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;
using static AkkaScale.Tests.Hostile.RawHttp;

namespace AkkaScale.Tests.Hostile;

/// <summary>Requests that must be refused in so many words, or taken word for word.</summary>
[Collection(Arena.Collection)]
public sealed class RequestTests(Arena arena, ITestOutputHelper output) : IAsyncLifetime
{
    public static TheoryData<string> Rows => ["bodies", "large bodies", "ids", "headers", "numbers", "encodings", "routes", "framing", "lengths"];

    /// <summary>A task to attack. The same for every test: only the first makes it.</summary>
    public Task InitializeAsync() => arena.TaskAsync("t");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Every_bad_request_gets_its_problem_and_nothing_reaches_the_journal(string row) => arena.EndureAsync($"{row}, directly", output, async () =>
    {
        var wrong = new List<string>();
        var cases = RequestsOf(row).ToList();
        foreach (var (what, request, status, code) in cases)
        {
            var answer = await ExchangeAsync(arena.Target.Settings.GatewayPort, request);
            if (Fault(answer, status, code) is { } fault)
            {
                wrong.Add($"{what}: {fault}\n{answer}");
            }
        }

        Figures.Write(output, $"{row}, directly: {cases.Count} cases");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    });

    /// <summary>
    /// nginx answers some of them itself, in its own words, and mends others on the way, such as lines that end in LF alone: what it sends on is one request. So the status may be
    /// that of a request in order, but there is never a second answer, and nothing is done.
    /// </summary>
    [InstalledTheory(NginxProcess.Program)]
    [InlineData("ids")]
    [InlineData("framing")]
    [InlineData("large bodies")]
    [InlineData("lengths")]
    public Task The_same_through_nginx(string row) => arena.EndureAsync($"{row}, through nginx", output, async () =>
    {
        var wrong = new List<string>();
        var mended = new List<string>();
        var cases = RequestsOf(row).ToList();
        foreach (var (what, request, status, _) in cases)
        {
            var answer = await ExchangeAsync(arena.Nginx!.Port, request);
            var given = StatusOf(answer);
            if (AnswersIn(answer) != 1 || given >= 500)
            {
                wrong.Add($"{what}: {AnswersIn(answer)} answers\n{answer}");
            }
            else if (given != status && !(row == "lengths" && given is 400 or 414))
            {
                mended.Add($"{what}: {given}");
                if (row != "framing")
                {
                    wrong.Add($"{what}: {given}, not {status}\n{answer}");
                }
            }
        }

        Figures.Write(output, $"{row}, through nginx: {cases.Count} cases; otherwise than directly: {(mended.Count == 0 ? "none" : string.Join("; ", mended))}");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.Equal(404, StatusOf(await ExchangeAsync(arena.Target.Settings.GatewayPort, Request("GET /users/smuggled"))));
    });

    [Fact]
    public Task Text_that_is_code_elsewhere_is_kept_as_text() => arena.EndureAsync("SQL in ids and texts", output, async () =>
    {
        string[] texts =
        [
            "x'; DROP TABLE journal; --", "1 OR 1=1", "'||(SELECT version())||'", "$1", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "%(x)s", "\"; DELETE FROM member; --",
        ];
        var run = Guid.NewGuid().ToString("N")[..6];
        foreach (var text in texts)
        {
            var id = $"{text.Replace("/", "", StringComparison.Ordinal)} {run}";
            var path = $"/users/{Uri.EscapeDataString(id)}";
            var created = await ExchangeAsync(arena.Target.Settings.GatewayPort, Put(path, JsonSerializer.Serialize(new { name = text + "\u001b[2J\r\n" })));
            Assert.True(StatusOf(created) == 201, created);
            foreach (var gateway in arena.Cluster.Gateways())
            {
                using var client = new GatewayClient(Bound);
                var read = await client.GetAsync(gateway, path);
                Assert.Equal((id, text + "\u001b[2J\r\n"), (read.Member("id")?.GetString(), read.Member("name")?.GetString()));
            }
        }

        return texts.Length;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_id_is_decoded_exactly_once_and_two_spellings_never_meet(bool throughNginx)
    {
        if (throughNginx && arena.Nginx is null)
        {
            output.WriteLine($"not through nginx: {InstalledProgram.ReasonToSkip(NginxProcess.Program)}");
            return;
        }

        var port = throughNginx ? arena.Nginx!.Port : arena.Target.Settings.GatewayPort;
        await arena.EndureAsync($"spellings and look-alikes, {(throughNginx ? "through nginx" : "directly")}", output, async () =>
        {
            // Each pair looks alike, or becomes alike when it is decoded, folded or trimmed once too often.
            var run = Guid.NewGuid().ToString("N")[..6];
            (string One, string Other)[] pairs =
            [
                ("a%20b", "a+b"), ("A", "a"), ("a", "%D0%B0"), ("%C3%A9", "e"), ("x", "x%20"), ("x%2E", "x"), ("100%25", "100"), ("%EF%AC%81", "fi"), ("1", "%D9%A1"), ("i", "%C4%B1"), ("%E2%80%8Bz", "z"),
            ];
            foreach (var (one, other) in pairs)
            {
                foreach (var id in (string[])[one, other])
                {
                    var created = await ExchangeAsync(port, Put($"/users/{run}{id}", $"{{\"name\":\"{Name(id)}\"}}"));
                    Assert.True(StatusOf(created) is 201 or 200, $"{id}: {created}");
                }

                foreach (var id in (string[])[one, other])
                {
                    var read = await ExchangeAsync(port, Request($"GET /users/{run}{id}"));
                    Assert.Contains($"\"name\":\"{Name(id)}\"", read);
                }
            }

            Assert.Equal(200, StatusOf(await ExchangeAsync(port, Request($"GET /users/{run}%41")))); // the same id, decoded once
            return pairs.SelectMany(pair => new[] { pair.One, pair.Other }).Distinct().Count();
        });
    }

    [Fact]
    public Task Internal_headers_of_a_client_are_not_believed() => arena.EndureAsync("client-sent internal headers", output, async () =>
    {
        var port = arena.Target.Settings.GatewayPort;
        var id = $"headers-{Guid.NewGuid():N}";
        var body = "{\"name\":\"N\"}"u8.ToArray();
        var forged = string.Join("\r\n", (string[])
        [
            "X-AkkaScale-Owner: node-2", "X-AkkaScale-Epoch: 9223372036854775807", "X-Shard: 7", "X-Command-Id: 00000000-0000-0000-0000-000000000001", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: management",
            "X-Original-URL: /users/other", "X-Rewrite-URL: /users/other", "X-HTTP-Method-Override: DELETE", "Forwarded: for=127.0.0.1", "X-Attempt: 9", "X-Version: 77", "Idempotency-Key: shared",
            "Content-Type: application/json", $"Content-Length: {body.Length}",
        ]);
        var first = await ExchangeAsync(port, Raw($"PUT /users/{id}", $"X-Acting-User: ann\r\n{forged}", body));
        Assert.True(StatusOf(first) == 201 && VersionOf(first) == 1, first);

        // A key is scoped to entity and acting user: what another tenant's command came to is not repeated to this one.
        var second = await ExchangeAsync(port, Raw($"PUT /users/{id}", $"X-Acting-User: ben\r\n{forged}", body));
        Assert.True(StatusOf(second) == 200, second);
        Assert.DoesNotContain("Idempotency-Replayed", second);
        var replayed = await ExchangeAsync(port, Raw($"PUT /users/{id}", $"X-Acting-User: ann\r\n{forged}", body));
        Assert.Contains("Idempotency-Replayed: true", replayed);

        using var management = arena.Cluster.Management();
        var written = Assert.Single(await management.EventsAsync("user", id));
        var shard = (await management.ShardsAsync()).Single(shard => (shard.Region, shard.Shard) == (written.Region, written.Shard));
        Assert.True(written.Epoch <= shard.Epoch, $"epoch {written.Epoch} of {shard}");
        Assert.NotEqual(new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1).ToString(), written.CommandId);
        return 1;
    });

    [Fact]
    public Task A_command_id_with_another_body_is_refused() => arena.EndureAsync("command id reused", output, async () =>
    {
        using var client = new GatewayClient(Bound);
        var path = $"/users/reuse-{Guid.NewGuid():N}";
        Assert.Equal(201, (int)(await client.PutAsync(arena.Target.Gateway, path, new { name = "A" }, "k")).Status);
        foreach (var gateway in arena.Cluster.Gateways())
        {
            var other = await client.PutAsync(gateway, path, new { name = "B" }, "k");
            Assert.Equal((409, "idempotency/payload-differs"), ((int)other.Status, other.Code));
            var command = await client.PostAsync(gateway, $"{path}/rename", new { name = "A" }, "k");
            Assert.Equal((409, "idempotency/payload-differs"), ((int)command.Status, command.Code));
        }

        return 1;
    });

    private static string Name(string id) => Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(id));

    private static IEnumerable<BadRequest> RequestsOf(string row) => row switch
    {
        "bodies" => BadRequest.Bodies(),
        "large bodies" => BadRequest.LargeBodies(),
        "ids" => BadRequest.Ids(),
        "headers" => BadRequest.Headers(),
        "numbers" => BadRequest.Numbers(),
        "encodings" => BadRequest.Encodings(),
        "routes" => BadRequest.Routes(),
        "framing" => BadRequest.Framing(),
        "lengths" => BadRequest.Lengths(),
        _ => throw new ArgumentOutOfRangeException(nameof(row), row, "no such row"),
    };
}
