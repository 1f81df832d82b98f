using System.Text;
using static AkkaScale.Tests.Hostile.RawHttp;

namespace AkkaScale.Tests.Hostile;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Code">Null: the server itself answers, before there is a request to speak of.</param>
internal sealed record BadRequest(string What, byte[] Bytes, int Status, string? Code)
{
    private const string Task = """{"project":"p","title":"T"}""";

    private static readonly string Letters = new('x', 300);

    public static IEnumerable<BadRequest> Bodies()
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
        yield return new("a body where none belongs", Request("POST /tasks/t/complete", "Content-Type: application/json\r\nContent-Length: 7", "{\"x\":1}"u8), 400, "request/body");
        yield return new("a body to a read", Request("GET /tasks/t", "Content-Type: application/json\r\nContent-Length: 2", "{}"u8), 400, "request/body");
    }

    public static IEnumerable<BadRequest> LargeBodies()
    {
        yield return new("announced", Request("PUT /tasks/bad", $"Content-Type: application/json\r\nContent-Length: {(256 * 1024) + 1}"), 413, "request/body-too-large");
        yield return new("announced past all numbers of 32 bits", Request("PUT /tasks/bad", "Content-Type: application/json\r\nContent-Length: 4294967296"), 413, "request/body-too-large");
        yield return new("in chunks", Chunked("/tasks/bad", (256 * 1024) + 1), 413, "request/body-too-large");
        yield return new("in chunks without an end", Chunked("/tasks/bad", 4 * 1024 * 1024), 413, "request/body-too-large");
    }

    /// <summary>Ids that are none, as they stand in a request target.</summary>
    public static IReadOnlyList<string> RawIds { get; } =
    [
        ".", "..", "%2e", "%2E%2e", "a%2Fb", "a%2fb", "a%252fb", "a%252Fb", "%252e%252e", "a%5Cb", "a%5cb", "..%2F..%2Fetc", "a%0Ab", "a%0d%0ab", "%7F", "%C2%85", "%ff", "%c0%af", "%ED%A0%80", "e%CC%81",
        "%E2%84%AB", "%", "%zz", "%2", Letters, string.Concat(Enumerable.Repeat("%F0%9F%98%80", 256)), "",
    ];

    public static IEnumerable<BadRequest> Ids()
    {
        foreach (var id in RawIds)
        {
            yield return new($"id {Start(id)} of a command", Put($"/tasks/{id}", Task), 400, "request/id");
            yield return new($"id {Start(id)} of a read", Request($"GET /users/{id}"), 400, "request/id");
        }

        yield return new("a way out of the ids", Request("GET /tasks/../users/tester"), 400, "request/id");
        yield return new("a way into a command", Request("POST /tasks/x/../t/complete"), 400, "request/id");
        yield return new("NUL in an id", Request("GET /tasks/%00"), 400, null);
        yield return new("NUL within an id", Request("GET /tasks/a%00b"), 400, null);
        yield return new("raw backslash in an id", Request(@"GET /tasks/a\b"), 400, null);
        yield return new("raw UTF-8 in an id", Request("GET /tasks/ä"), 400, null);
    }

    public static IEnumerable<BadRequest> Headers()
    {
        var body = Encoding.UTF8.GetBytes(Task);
        var json = $"Content-Type: application/json\r\nContent-Length: {body.Length}";
        yield return new("nobody acts", Raw("PUT /tasks/bad", json, body), 400, "request/acting-user");
        yield return new("two act", Raw("PUT /tasks/bad", $"X-Acting-User: a\r\nX-Acting-User: b\r\n{json}", body), 400, "request/acting-user");
        yield return new("a long key", Request("PUT /tasks/bad", $"Idempotency-Key: {Letters}\r\n{json}", body), 400, "request/idempotency-key");
        yield return new("a key with a space", Request("PUT /tasks/bad", $"Idempotency-Key: a b\r\n{json}", body), 400, "request/idempotency-key");
        yield return new("an endless wait", Request("POST /tasks/t/complete", "Prefer: wait=999\r\nContent-Length: 0"), 400, "request/prefer");
        yield return new("a wait below zero", Request("POST /tasks/t/complete", "Prefer: wait=-1\r\nContent-Length: 0"), 400, "request/prefer");
        yield return new("no JSON", Request("PUT /tasks/bad", "Content-Type: text/plain\r\nContent-Length: 2", "{}"u8), 415, "request/content-type");
    }

    public static IEnumerable<BadRequest> Numbers()
    {
        foreach (var version in (string[])["-1", "9223372036854775808", "18446744073709551616", "99999999999999999999", "1.0", "+1", "0x1", "01", ""])
        {
            yield return new($"If-Match \"{version}\"", Request("POST /tasks/t/complete", $"If-Match: \"{version}\"\r\nContent-Length: 0"), 400, "request/if-match");
            yield return new($"after={version}", Request($"GET /tasks/t/comments?after={version.Replace("+", "%2B", StringComparison.Ordinal)}"), 400, "request/after");
        }

        foreach (var version in (string[])["0", "7", "9223372036854775807"])
        {
            yield return new($"If-Match \"{version}\"", Request("POST /tasks/t/complete", $"If-Match: \"{version}\"\r\nContent-Length: 0"), 412, "version/mismatch");
        }

        foreach (var limit in (string[])["-1", "0", "501", "2147483648", "9223372036854775808"])
        {
            yield return new($"limit={limit}", Request($"GET /tasks/t/comments?limit={limit}"), 400, "request/limit");
        }
    }

    public static IEnumerable<BadRequest> Encodings()
    {
        foreach (var encoding in (string[])["gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x"])
        {
            yield return new($"Content-Encoding {encoding}", Request("PUT /tasks/bad", $"Content-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: {Task.Length}", Encoding.UTF8.GetBytes(Task)), 415, "request/content-encoding");
        }

        yield return new("a decompression bomb", Bomb(), 415, "request/content-encoding");
    }

    public static IEnumerable<BadRequest> Routes()
    {
        yield return new("an unknown kind", Request("GET /wizards/merlin"), 404, "request/no-such-route");
        yield return new("an unknown command", Request("POST /tasks/t/explode", "Content-Length: 0"), 404, "request/no-such-route");
        yield return new("a list that does not exist yet", Request("GET /projects/p/tasks"), 404, "request/no-such-route");
        yield return new("management on the gateway's port", Request("GET /cluster/members"), 404, "request/no-such-route");
        yield return new("an order on the gateway's port", Request("POST /nodes/node-1/drain", "Content-Type: application/json\r\nContent-Length: 2", "{}"u8), 404, "request/no-such-route");
        yield return new("a task that does not exist", Request("GET /tasks/nowhere"), 404, "task/not-found");
        yield return new("a method of no resource", Request("PATCH /tasks/t", "Content-Length: 0"), 405, "request/method");
        yield return new("a method of another resource", Request("DELETE /users/tester"), 405, "request/method");
        yield return new("a method nobody knows", Request("BREW /tasks/t"), 405, "request/method");
    }

    /// <summary>Each holds a second request, which would be run by a server that cut the first differently.</summary>
    public static IEnumerable<BadRequest> Framing()
    {
        const string Smuggled = "PUT /users/smuggled HTTP/1.1\r\nHost: x\r\nX-Acting-User: tester\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\":\"S\"}";
        foreach (var (what, headers, body, code) in new (string, string, string, string?)[]
        {
            ("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n", "request/framing"),
            ("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n", "request/framing"),
            ("two lengths", "Content-Length: 2\r\nContent-Length: 3", "{}", null),
            ("one length twice", "Content-Length: 2\r\nContent-Length: 2", "{}", null),
            ("a list of lengths", "Content-Length: 2, 2", "{}", null),
            ("a length below zero", "Content-Length: -1", "", null),
            ("a length in hexadecimal", "Content-Length: 0x2", "{}", null),
            ("an unknown coding", "Transfer-Encoding: xchunked", "0\r\n\r\n", null),
            ("two codings", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n", null),
            ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n", null),
            ("a space before the colon", "Transfer-Encoding : chunked", "0\r\n\r\n", null),
            ("a broken chunk", "Transfer-Encoding: chunked", "zz\r\n{}\r\n", "request/framing"),
            ("a chunk past 64 bits", "Transfer-Encoding: chunked", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n", "request/framing"),
            ("folded headers", "X-Folded: a\r\n b\r\nContent-Length: 2", "{}", null),
            ("NUL in a header", "X-Nul: a\0b\r\nContent-Length: 2", "{}", null),
        })
        {
            yield return new(what, Encoding.Latin1.GetBytes($"PUT /tasks/bad HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Acting-User: tester\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}{Smuggled}"), 400, code);
        }

        yield return new("lines that end in LF alone", Encoding.ASCII.GetBytes("GET /users/tester HTTP/1.1\nHost: x\nConnection: close\n\n" + Smuggled), 400, null);
        yield return new("no HTTP", Encoding.ASCII.GetBytes("hello there\r\n\r\n"), 400, null);
    }

    public static IEnumerable<BadRequest> Lengths()
    {
        yield return new("a request line over the limit", Request($"GET /tasks/{new string('x', 20_000)}"), 414, null);
        yield return new("headers over the limit", Request("GET /tasks/t", $"X-Big: {new string('x', 40_000)}"), 431, null);
        yield return new("too many headers", Request("GET /tasks/t", string.Join("\r\n", Enumerable.Range(0, 200).Select(number => $"X-{number}: x"))), 431, null);
    }

    /// <summary>10 MB of zeros in some 10 kB of gzip.</summary>
    private static byte[] Bomb()
    {
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize))
        {
            gzip.Write(new byte[10 * 1024 * 1024]);
        }

        var bomb = packed.ToArray();
        return Request("PUT /tasks/bad", $"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}", bomb);
    }

    private static string Start(string text) => text.Length <= 80 ? text : $"{text[..80]}… ({text.Length} characters)";
}
