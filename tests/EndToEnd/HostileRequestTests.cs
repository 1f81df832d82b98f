using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Requests that a live node must refuse in so many words, and that must leave no trace in the journal.</summary>
public sealed class HostileRequestTests
{
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(20);

    private static readonly string Letters = new('x', 300);

    [Fact]
    public async Task Every_bad_request_gets_its_problem_and_nothing_reaches_the_journal()
    {
        await using var cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 1);
        var node = cluster.Nodes[0];
        await AcceptedAsync(node, "/users/tester", """{"name":"Tester"}""");
        await AcceptedAsync(node, "/projects/p", """{"name":"P","owner":"tester"}""");
        await AcceptedAsync(node, "/tasks/t", """{"project":"p","title":"T"}""");
        const int Before = 4; // with the task's admission to its project, which comes by a message
        await HasEventsAsync(cluster, Before);

        var wrong = new List<string>();
        foreach (var (what, request, status, code) in Requests())
        {
            var answer = await ExchangeAsync(node, request);
            if (Fault(answer, status, code) is { } fault)
            {
                wrong.Add($"{what}: {fault}\n{answer}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.Equal(Before, await cluster.VerifyJournalAsync());
        Assert.False(node.HasExited, node.Tail());
        await AcceptedAsync(node, "/tasks/t-2", """{"project":"p","title":"T"}""");
        await HasEventsAsync(cluster, Before + 2);
    }

    [Fact]
    public async Task Text_that_is_code_elsewhere_is_kept_as_text()
    {
        await using var cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 1);
        var node = cluster.Nodes[0];
        const string Id = "x'; DROP TABLE journal; --";
        const string Name = "\u001b[2J<script>'; DELETE FROM member; --\r\n";
        await AcceptedAsync(node, $"/users/{Uri.EscapeDataString(Id)}", JsonSerializer.Serialize(new { name = Name }));

        using var client = new GatewayClient(AnswerBound);
        var read = await client.GetAsync(node.Gateway, $"/users/{Uri.EscapeDataString(Id)}");

        Assert.Equal((Id, Name), (read.Member("id")?.GetString(), read.Member("name")?.GetString()));
        Assert.Equal(1, await cluster.VerifyJournalAsync());
    }

    /// <param name="Code">Null: the server itself answers, before there is a request to speak of.</param>
    private sealed record BadRequest(string What, byte[] Bytes, int Status, string? Code);

    private static Task HasEventsAsync(ClusterFixture cluster, long events) => Eventually.Holds(
        $"the journal has {events} events", AnswerBound, async () => await cluster.VerifyJournalAsync() is var found && found == events ? null : $"{found}");

    private static IEnumerable<BadRequest> Requests() =>
        [.. Bodies(), .. Ids(), .. Headers(), .. Routes(), .. Framing()];

    private static IEnumerable<BadRequest> Bodies()
    {
        foreach (var body in (string[])
        [
            "", "{", "[]", "null", "\"x\"", "{\"project\":\"p\",\"title\":\"T\"} {}", "{\"project\":\"p\",\"title\":\"T\"}x", "{\"project\":\"p\",\"title\":NaN}",
            "{\"project\":\"p\",\"title\":1}", "{\"project\":\"p\",\"title\":null}", "{\"project\":\"p\"}", "{\"project\":\"p\",\"title\":\"T\",}",
            "{\"project\":\"p\",\"title\":\"T\",\"title\":\"U\"}", "{\"project\":\"p\",\"title\":\"T\",\"owner\":\"x\"}", "{\"project\":\"p\",\"title\":\"T\"/*x*/}",
            "{\"project\":\"p\",\"title\":\"T\",\"labels\":" + new string('[', 64) + new string(']', 64) + "}",
            "{\"project\":\"p\",\"title\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_001),
            "{\"project\":\"p\",\"title\":\"\\ud800\"}", "{\"project\":\"p\",\"title\":\"T\",\"priority\":\"most\"}", "{\"project\":\"p\",\"title\":\"T\",\"due\":\"soon\"}",
        ])
        {
            yield return new($"body {Start(body)}", Put("/tasks/bad", body), 400, "request/body");
        }

        yield return new("a body that is no UTF-8", Put("/tasks/bad", [.. "{\"project\":\"p\",\"title\":\""u8, 0xC3, 0x28, .. "\"}"u8]), 400, "request/body");
        yield return new("NUL in a text", Put("/tasks/bad", "{\"project\":\"p\",\"title\":\"a\\u0000b\"}"), 400, "request/");
        yield return new("a title over its limit", Put("/tasks/bad", $"{{\"project\":\"p\",\"title\":\"{new string('x', 501)}\"}}"), 400, "request/");
        yield return new("an id in a body", Put("/tasks/bad", "{\"project\":\"a/b\",\"title\":\"T\"}"), 400, "request/id");
        yield return new("a body over the limit, announced", Request("PUT /tasks/bad", $"Content-Type: application/json\r\nContent-Length: {(256 * 1024) + 1}"), 413, "request/body-too-large");
        yield return new("a body over the limit, in chunks", Chunked("/tasks/bad", (256 * 1024) + 1), 413, "request/body-too-large");
        yield return new("a body where none belongs", Request("POST /tasks/t/complete", "Content-Type: application/json\r\nContent-Length: 7", "{\"x\":1}"u8), 400, "request/body");
        yield return new("a body to a read", Request("GET /tasks/t", "Content-Type: application/json\r\nContent-Length: 2", "{}"u8), 400, "request/body");
    }

    private static IEnumerable<BadRequest> Ids()
    {
        foreach (var id in (string[])
        [
            ".", "..", "%2e", "%2E%2e", "a%2Fb", "a%2fb", "a%252fb", "a%5Cb", "..%2F..%2Fetc", "a%0Ab", "%7F", "%ff", "%c0%af", "%ED%A0%80", "e%CC%81", "%", "%zz", "%2",
            Letters, "",
        ])
        {
            yield return new($"id {Start(id)} of a command", Put($"/tasks/{id}", """{"project":"p","title":"T"}"""), 400, "request/id");
            yield return new($"id {Start(id)} of a read", Request($"GET /users/{id}"), 400, "request/id");
        }

        yield return new("a way out of the ids", Request("GET /tasks/../users/tester"), 400, "request/id");
        yield return new("a way into a command", Request("POST /tasks/x/../t/complete"), 400, "request/id");
    }

    private static IEnumerable<BadRequest> Headers()
    {
        var body = """{"project":"p","title":"T"}"""u8.ToArray();
        var json = $"Content-Type: application/json\r\nContent-Length: {body.Length}";
        yield return new("nobody acts", Raw("PUT /tasks/bad", json, body), 400, "request/acting-user");
        yield return new("two act", Raw("PUT /tasks/bad", $"X-Acting-User: a\r\nX-Acting-User: b\r\n{json}", body), 400, "request/acting-user");
        yield return new("a long key", Request("PUT /tasks/bad", $"Idempotency-Key: {Letters}\r\n{json}", body), 400, "request/idempotency-key");
        yield return new("a key with a space", Request("PUT /tasks/bad", $"Idempotency-Key: a b\r\n{json}", body), 400, "request/idempotency-key");
        yield return new("a version that is none", Request("POST /tasks/t/complete", "If-Match: \"99999999999999999999\"\r\nContent-Length: 0"), 400, "request/if-match");
        yield return new("another version", Request("POST /tasks/t/complete", "If-Match: \"7\"\r\nContent-Length: 0"), 412, "version/mismatch");
        yield return new("an endless wait", Request("POST /tasks/t/complete", "Prefer: wait=999\r\nContent-Length: 0"), 400, "request/prefer");
        yield return new("no JSON", Request("PUT /tasks/bad", "Content-Type: text/plain\r\nContent-Length: 2", "{}"u8), 415, "request/content-type");
        yield return new("a compressed body", Request("PUT /tasks/bad", $"Content-Encoding: gzip\r\n{json}", body), 415, "request/content-encoding");
        yield return new("a negative page", Request("GET /tasks/t/comments?limit=-1"), 400, "request/limit");
        yield return new("a page over the limit", Request("GET /tasks/t/comments?limit=501"), 400, "request/limit");
        yield return new("a version past all numbers", Request("GET /tasks/t/comments?after=9223372036854775808"), 400, "request/after");
    }

    private static IEnumerable<BadRequest> Routes()
    {
        yield return new("an unknown kind", Request("GET /wizards/merlin"), 404, "request/no-such-route");
        yield return new("an unknown command", Request("POST /tasks/t/explode", "Content-Length: 0"), 404, "request/no-such-route");
        yield return new("a list that does not exist yet", Request("GET /projects/p/tasks"), 404, "request/no-such-route");
        yield return new("a task that does not exist", Request("GET /tasks/nowhere"), 404, "task/not-found");
        yield return new("a method of no resource", Request("PATCH /tasks/t", "Content-Length: 0"), 405, "request/method");
        yield return new("a method of another resource", Request("DELETE /users/tester"), 405, "request/method");
        yield return new("a method nobody knows", Request("BREW /tasks/t"), 405, "request/method");
    }

    private static IEnumerable<BadRequest> Framing()
    {
        yield return new("two framings", Request("PUT /tasks/bad", "Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"u8), 400, "request/framing");
        yield return new("two lengths", Request("PUT /tasks/bad", "Content-Length: 2\r\nContent-Length: 3", "{}"u8), 400, null);
        yield return new("a length below zero", Request("PUT /tasks/bad", "Content-Length: -1"), 400, null);
        yield return new("a broken chunk", Request("PUT /tasks/bad", "Content-Type: application/json\r\nTransfer-Encoding: chunked", "zz\r\n{}\r\n"u8), 400, "request/framing");
        yield return new("folded headers", Request("GET /tasks/t", "X-Folded: a\r\n b"), 400, null);
        yield return new("no HTTP", Encoding.ASCII.GetBytes("hello there\r\n\r\n"), 400, null);
        yield return new("NUL in an id", Request("GET /tasks/%00"), 400, null);
        yield return new("a request line over the limit", Request($"GET /tasks/{new string('x', 20_000)}"), 414, null);
        yield return new("headers over the limit", Request("GET /tasks/t", $"X-Big: {new string('x', 40_000)}"), 431, null);
    }

    private static string? Fault(string answer, int status, string? code)
    {
        if (!answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal))
        {
            return $"not {status}";
        }

        if (code is null)
        {
            return null;
        }

        if (!answer.Contains("\r\nContent-Type: application/problem+json", StringComparison.OrdinalIgnoreCase))
        {
            return "no problem details";
        }

        var open = answer.IndexOf('{', StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(answer[open..(answer.LastIndexOf('}') + 1)]);
        var root = problem.RootElement;
        var given = root.GetProperty("code").GetString()!;
        return !(code.EndsWith('/') ? given.StartsWith(code, StringComparison.Ordinal) : given == code) ? $"code {given}, not {code}"
            : root.GetProperty("status").GetInt32() != status ? "another status in the problem"
            : root.GetProperty("type").GetString()!.Length == 0 || root.GetProperty("title").GetString()!.Length == 0 ? "no type or title"
            : null;
    }

    private static async Task AcceptedAsync(NodeProcess node, string path, string body)
    {
        var answer = await ExchangeAsync(node, Put(path, body));
        Assert.StartsWith("HTTP/1.1 201 ", answer);
    }

    private static byte[] Put(string path, string body) => Put(path, Encoding.UTF8.GetBytes(body));

    private static byte[] Put(string path, byte[] body) =>
        Request($"PUT {path}", $"Content-Type: application/json\r\nContent-Length: {body.Length}", body);

    private static byte[] Request(string line, string headers = "", ReadOnlySpan<byte> body = default) =>
        Raw(line, headers.Length == 0 ? "X-Acting-User: tester" : $"X-Acting-User: tester\r\n{headers}", body);

    private static byte[] Raw(string line, string headers, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n\r\n"), .. body];

    private static byte[] Chunked(string path, int length)
    {
        var chunk = $"1000\r\n{new string(' ', 0x1000)}\r\n";
        var chunks = string.Concat(Enumerable.Repeat(chunk, (length / 0x1000) + 1)) + "0\r\n\r\n";
        return Request($"PUT {path}", "Content-Type: application/json\r\nTransfer-Encoding: chunked", Encoding.ASCII.GetBytes(chunks));
    }

    /// <summary>Sends the bytes as they are and reads until the node closes the connection.</summary>
    private static async Task<string> ExchangeAsync(NodeProcess node, byte[] request)
    {
        using var bound = new CancellationTokenSource(AnswerBound);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.Settings.GatewayPort, bound.Token);
        var stream = client.GetStream();
        var sending = SendAsync(stream, request, bound.Token);
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, bound.Token);
        }
        catch (IOException)
        {
            // The node closed with some of the request unread, which resets the connection behind the answer.
        }
        catch (OperationCanceledException)
        {
            return $"still open after {AnswerBound.TotalSeconds:0} s: {Encoding.UTF8.GetString(answer.ToArray())}";
        }

        await sending;
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static async Task SendAsync(NetworkStream stream, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken);
        }
        catch (IOException)
        {
            // closed before it was all read: what was answered counts
        }
    }

    private static string Start(string text) => text.Length <= 80 ? text : $"{text[..80]}… ({text.Length} characters)";
}
