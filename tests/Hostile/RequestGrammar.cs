using System.Text;

namespace AkkaScale.Tests.Hostile;

/// <summary>Requests that are nearly right: every part is drawn from what is valid and what nearly is, and the whole is changed once more now and then.</summary>
/// <param name="Bytes">As they are sent.</param>
/// <param name="Cuts">Where they are cut into segments.</param>
/// <param name="Entity">kind/id that the request may write, if it is taken.</param>
internal sealed record RequestGrammar(byte[] Bytes, IReadOnlyList<int> Cuts, string Entity)
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get", "", "PUT ", "P\u00FCT", new('M', 40)];

    private static readonly string[] Texts =
    [
        "a", "", "\\u0000", "\\ud800", "\u00E9", "e\u0301", "\u202Eabc", "x'; DROP TABLE journal; --", "\\u001b[2J", "\\n", new('x', 600), "\U0001F680", "null",
    ];

    private static readonly string[] Values = ["1", "-1", "null", "true", "[]", "{}", "1e999", "NaN", "9223372036854775808", "\"x\"", "[[[[[[[[", "{\"a\":{\"b\":{}}}"];

    private static readonly string[] Headers =
    [
        "Idempotency-Key: k", "Idempotency-Key: ", "Idempotency-Key: a b", "If-Match: \"1\"", "If-Match: *", "If-Match: \"9223372036854775808\"", "Prefer: wait=1", "Prefer: wait=99", "Prefer: ;;,=",
        "Content-Encoding: gzip", "Expect: 100-continue", "Expect: x", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Content-Length: 1", "Content-Length: 0", "Content-Length: +5",
        "Connection: close, x", "Connection: upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__", "traceparent: 00-0-0-00", "X-Acting-User: b", "X-Forwarded-For: 1.2.3.4, ::1", "Host: y", "Accept: */*", "Range: bytes=0-",
        "Content-Type: application/json; charset=utf-16", "Cookie: a=b", "X-Odd: \u0001", ": empty", "No colon", " X-Fold: a", "X-Long: " + new string('y', 9_000),
    ];

    /// <param name="number">Of the request: every request has an entity of its own, so that what was acknowledged can be told from what was not.</param>
    public static RequestGrammar ForGateway(Random random, int seed, string number)
    {
        var id = $"fz{seed}-{number}";
        if (random.Next(5) == 0)
        {
            return Make(random, "PUT", $"/users/{id}", "{\"name\":\"N\"}", $"user/{id}");
        }

        var (kind, path) = Pick(random,
            ("user", $"/users/{id}"), ("user", $"/users/{id}/rename"), ("project", $"/projects/{id}"), ("project", $"/projects/{id}/members/u"), ("project", $"/projects/{id}/archive"),
            ("task", $"/tasks/{id}"), ("task", $"/tasks/{id}/comment"), ("task", $"/tasks/{id}/complete"), ("task", $"/tasks/{id}/comments?limit=5&after=0"), ("", "/"), ("", "/openapi/v1.json"), ("", "*"));
        var body = Pick(random, "{\"name\":\"N\"}", $"{{\"name\":\"{Pick(random, Texts)}\",\"owner\":\"tester\"}}", $"{{\"name\":\"N\",\"owner\":{Pick(random, Values)}}}",
            "{\"project\":\"nowhere\",\"title\":\"T\"}", $"{{\"text\":\"{Pick(random, Texts)}\"}}", "", "{", Pick(random, Values));
        return Make(random, Pick(random, "PUT", "PUT", "GET", "POST", Pick(random, Methods)), path, body, $"{kind}/{id}");
    }

    public static RequestGrammar ForManagement(Random random)
    {
        var name = Pick(random, "nobody", "%00", "a%2Fb", "..", "%ff", "\u00E9", new string('n', 2_000), "%0a%1b[2J", "0", "akkascale:%2F%2Fx@y:1");
        var number = Pick(random, "0", "255", "256", "-1", "2147483648", "9223372036854775808", "x", "", "%00", "1.5");
        var path = Pick(random,
            "/cluster/members", "/cluster/status", "/cluster/shards", $"/cluster/shards/{name}", "/audit", "/doctor", "/nodes", "/metrics", "/alive", "/ready", "/startup", "/journal/stats",
            $"/cluster/where/user/{name}", $"/cluster/where/{name}/{name}", $"/entities/user/{name}/events?after={number}&limit={number}", $"/entities/{name}/x/events", $"/entities/user/{name}",
            $"/entities/user/{name}/passivate", $"/journal/verify/user/{number}", $"/journal/verify/{name}/{number}", $"/shards/user/{number}/move", $"/shards/{name}/{number}/move",
            $"/nodes/{name}/drill", $"/cluster/members/{name}?operation=Leave", $"/cluster/members/{name}", $"/{name}", "/");
        var body = Pick(random, "{}", "", "{\"node\":\"nobody\"}", $"{{\"reason\":\"{Pick(random, Texts)}\"}}", $"{{\"node\":{Pick(random, Values)}}}", "operation=Down", "{\"operation\":\"Down\"}", "{", Pick(random, Values));
        return Make(random, Pick(random, "GET", "GET", "POST", "PUT", "DELETE", Pick(random, Methods)), path, body, "");
    }

    private static RequestGrammar Make(Random random, string method, string path, string body, string entity)
    {
        var text = new StringBuilder($"{method} {Target(random, path)} {(random.Next(12) == 0 ? Pick(random, "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "HTTP/9", "") : "HTTP/1.1")}\r\n");
        text.Append("Host: 127.0.0.1\r\nConnection: close\r\n");
        if (random.Next(10) > 0)
        {
            text.Append("X-Acting-User: tester\r\n");
        }

        var content = Encoding.UTF8.GetBytes(body);
        var isChunked = random.Next(4) == 0;
        if (method is not "GET" and not "HEAD" || random.Next(10) == 0)
        {
            text.Append(random.Next(10) > 0 ? "Content-Type: application/json\r\n" : "Content-Type: text/html\r\n");
            text.Append(isChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {(random.Next(12) == 0 ? random.Next(-1, 400_000) : content.Length)}\r\n");
        }
        else
        {
            content = [];
            isChunked = false;
        }

        for (var more = random.Next(6) == 0 ? random.Next(1, 5) : 0; more > 0; more--)
        {
            text.Append(Pick(random, Headers)).Append(random.Next(30) == 0 ? "\n" : "\r\n");
        }

        byte[] bytes = [.. Encoding.UTF8.GetBytes(text.Append("\r\n").ToString()), .. isChunked ? Chunks(random, content) : content];
        if (random.Next(4) == 0)
        {
            bytes = Mutation.Of(random, bytes);
        }

        var cuts = Enumerable.Range(0, random.Next(3) == 0 ? random.Next(1, 6) : 0).Select(_ => random.Next(bytes.Length + 1)).Order().ToArray();
        return new RequestGrammar(bytes, cuts, entity);
    }

    private static string Target(Random random, string path) => random.Next(10) switch
    {
        0 => $"http://x{path}",
        1 => path + Pick(random, "/", "//", "/..", "/.", "%2f", "?", "#", ";a=b", "%00", "\\", "?limit=-1&limit=2"),
        2 => path.Replace("/", Pick(random, "//", "/./", "/x/../", "%2F"), StringComparison.Ordinal),
        _ => path,
    };

    private static byte[] Chunks(Random random, byte[] content)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < content.Length;)
        {
            var size = Math.Min(content.Length - at, random.Next(1, 16));
            var announced = random.Next(40) == 0 ? Pick(random, "0", "ffffffffffffffff", "-1", "zz", "", "1;a=b", " 2") : size.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            chunks.Write(Encoding.ASCII.GetBytes($"{announced}\r\n"));
            chunks.Write(content, at, size);
            chunks.Write("\r\n"u8);
            at += size;
        }

        chunks.Write(Encoding.ASCII.GetBytes(random.Next(20) == 0 ? "0\r\nTrailer: x\r\n\r\n" : "0\r\n\r\n"));
        return chunks.ToArray();
    }

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];
}
