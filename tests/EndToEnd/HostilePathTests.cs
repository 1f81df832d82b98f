using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>
/// Names in paths that try to be something else, as bytes on a socket, on every route that takes one, under an operator's token: each gets the status that
/// docs/security.md has, nothing is written, nothing is run, nothing forged.
/// </summary>
public sealed partial class HostilePathTests(AccessCluster cluster, ITestOutputHelper output) : IClassFixture<AccessCluster>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>What is in the path, and the statuses where an id, a kind or a node's name is wanted, a member, a shard's number.</summary>
    private static readonly Input[] Inputs =
    [
        // Names of nothing: no harm in asking.
        Odd("SQL", "%27%3B%20DROP%20TABLE%20journal%3B%20--"),
        Odd("SQL with a union", "x%27%20UNION%20SELECT%20secret%20FROM%20cluster--"),
        Odd("a shell's substitution", "%24(reboot)"),
        Odd("a shell's backticks", "%60id%60"),
        Odd("a shell's list", "x%3Breboot%7Ccat"),
        Odd("an option", "--help"),
        Odd("a format string", "%25s%25n{0}"),
        Odd("not normal form C", "e%CC%81"),
        Odd("three dots", "..."),
        Odd("turns the direction of text", "x%E2%80%AEtxt.exe"),

        // What nothing can be called.
        Refused("an encoded slash", "a%2Fb"),
        Refused("traversal with encoded slashes", "..%2f..%2f..%2fetc%2fpasswd"),
        Refused("an encoded slash, encoded twice", "a%252fb"),
        Refused("traversal, encoded twice", "%252e%252e%252fetc%252fpasswd"),
        Refused("a backslash", "..%5C..%5Cwindows"),
        Refused("CR LF and a header", "x%0d%0aSet-Cookie:%20a=b"),
        Refused("an escape code", "%1b[2J"),
        Refused("a C1 control character", "%C2%9B31m"),
        Refused("256 characters", new string('x', 256)),
        Refused("not UTF-8", "%ff%fe"),
        Refused("an overlong slash in UTF-8", "%c0%af"),

        // What the server takes apart before any route sees it.
        Everywhere("NUL", "x%00y", 400),
        Everywhere("traversal with plain slashes", "../../../etc/passwd", 404),
        Everywhere("encoded dots", "%2e%2e", 404),
        Everywhere("a line of 10,000 characters", new string('x', 10_000), 414),
    ];

    [Fact]
    public async Task Every_input_gets_its_status_on_every_route_and_nothing_comes_of_it()
    {
        var events = await cluster.EventsAsync();
        var routes = await cluster.RoutesAsync();
        var places = routes.Where(route => route.Template != "/cluster/domain-events")
            .SelectMany(route => Placeholder().Matches(route.Template).Select(match => (route.Method, route.Template, Name: match.Groups[1].Value))).ToList();
        Assert.True(places.Count >= 12, $"only {places.Count} places");
        var (wrong, tried) = (new List<string>(), 0);
        foreach (var input in Inputs)
        {
            var seen = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
            foreach (var (method, template, name) in places)
            {
                var path = Fill(template, name, input.Encoded);
                var (status, answer) = await SendAsync(method, path);
                tried++;
                var kind = name is "member" or "shard" ? name : "name";
                (seen.TryGetValue(kind, out var statuses) ? statuses : seen[kind] = []).Add(status);
                var expected = kind switch { "member" => input.OnMember, "shard" => input.OnShard, _ => input.OnName };
                if (input.What == "encoded dots" && routes.Contains((method, Path.GetDirectoryName(template[..template.IndexOf($"/{{{name}}}", StringComparison.Ordinal)])!)))
                {
                    expected = [.. expected, 200]; // what is above the place is a route of its own
                }

                if (!expected.Contains(status) || Forged().IsMatch(answer))
                {
                    wrong.Add($"{input.What}: {method} {template} with {name}: {status}, expected {string.Join(" or ", expected)}\n{answer[..Math.Min(300, answer.Length)]}");
                }
            }

            output.WriteLine($"| {input.What} | {string.Join(" | ", seen.Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}"))} |");
        }

        output.WriteLine($"{tried} requests, {places.Count} places");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // Nothing was written or run; the log has no line of theirs, and the audit log none that a terminal would obey.
        Assert.False(cluster.Node.HasExited);
        Assert.Equal(events, await cluster.EventsAsync());
        Assert.DoesNotMatch(Control(), cluster.Node.Log.Replace("\n", "", StringComparison.Ordinal));
        Assert.All(await cluster.AuditAsync(), row => Assert.All(row.EnumerateObject(), member => Assert.DoesNotMatch(Control(), member.Value.ToString())));
    }

    [Fact]
    public async Task Hostile_texts_in_bodies_name_nothing_and_stand_in_the_audit_log_as_text()
    {
        using var operators = cluster.Client(AccessCluster.Operator);
        foreach (var evil in (string[])["'; DROP TABLE audit; --", "$(reboot)", "../../etc/passwd", "x\r\nforged", "\0", "\u001b[2J", "e\u0301", "%252f"])
        {
            using var moved = await operators.PostAsJsonAsync("/shards/task/1/move", new { node = evil, reason = "r" });
            Assert.Equal(HttpStatusCode.NotFound, moved.StatusCode);
            using var joined = await operators.PostAsJsonAsync("/cluster/members", new { address = evil });
            Assert.Equal(HttpStatusCode.Conflict, joined.StatusCode);
        }

        var rows = await cluster.AuditAsync();
        Assert.Contains(rows, row => row.GetProperty("target").GetString() == "task/1 to '; DROP TABLE audit; --");
        Assert.All(rows, row => Assert.DoesNotMatch(Control(), row.GetProperty("target").GetString()));
    }

    [Fact]
    public void The_document_has_every_input()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        Assert.All(Inputs, input => Assert.Contains($"| {input.What} |", document));
    }

    private static Input Odd(string what, string encoded) => new(what, encoded, [200, 404], [404], [404]);

    private static Input Refused(string what, string encoded) => new(what, encoded, [400], [404], [404]);

    private static Input Everywhere(string what, string encoded, params int[] statuses) => new(what, encoded, statuses, statuses, statuses);

    private static string Fill(string template, string name, string value) => Placeholder().Replace(template, match => match.Groups[1].Value == name ? value : match.Groups[1].Value switch
    {
        "kind" or "region" => "task",
        "shard" => "1",
        "node" or "member" or "name" => "guarded",
        _ => "t-1",
    });

    private async Task<(int Status, string Answer)> SendAsync(string method, string path)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, cluster.Port, bound.Token);
        var stream = client.GetStream();
        var body = method == "POST" ? "{\"kind\":\"kill\"}" : ""; // whole orders, also where a drill is asked for
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"{method} {path}{(method == "PUT" ? "?operation=Leave" : "")} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {AccessCluster.Operator}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            bound.Token);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer, bound.Token)) > 0;)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Closed with some of the request unread.
        }

        var text = answer.ToString();
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0, text);
    }

    /// <param name="OnName">Where an id, a kind or a node's name is wanted.</param>
    private sealed record Input(string What, string Encoded, int[] OnName, int[] OnMember, int[] OnShard);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    /// <summary>A header of the caller's, or the content of a file.</summary>
    [GeneratedRegex("(?m)^Set-Cookie:|root:x:0")]
    private static partial Regex Forged();

    [GeneratedRegex("[\u0000-\u001f\u007f-\u009f]")]
    private static partial Regex Control();
}
