using System.Text;
using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>
/// A checked-in conversation of the HTTP contract (tests/Unit/Gateway/Golden), held again with a real node. Times are the node's own: they
/// count as one and the same, and so does the length of a body that shows one.
/// </summary>
internal sealed partial class GoldenConversation(string name)
{
    private const string Request = "> ";

    private readonly string _golden = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Unit", "Gateway", "Golden", name));

    /// <summary>The same requests again, and what the node answered, written as the file is.</summary>
    /// <param name="isPossible">False for a golden answer that a healthy node does not give; that exchange is left out on both sides.</param>
    /// <returns>How many exchanges were held.</returns>
    public async Task<int> HoldAsync(Uri gateway, Func<int, bool> isPossible)
    {
        using var client = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };
        var exchanges = Exchanges().Where(exchange => isPossible(exchange.Status)).ToList();
        foreach (var exchange in exchanges)
        {
            var (expected, present) = (Timeless(exchange.Text), Timeless(await AskAsync(client, exchange)));
            Assert.True(expected == present, $"{name} has\n{expected}\nand the node answers\n{present}");
        }

        return exchanges.Count;
    }

    private static async Task<string> AskAsync(HttpClient client, Exchange exchange)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(exchange.Method), exchange.Path);
        if (exchange.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(exchange.Body));
            request.Content.Headers.ContentType = new("application/json");
        }

        var told = new StringBuilder(exchange.Head);
        foreach (var (header, value) in exchange.Headers.Append(("X-Acting-User", "ann")).DistinctBy(header => header.Item1))
        {
            if (!request.Headers.TryAddWithoutValidation(header, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(header, value);
            }
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        told.Append($"{(int)response.StatusCode}\n");
        foreach (var (header, values) in response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            told.Append($"{header}: {string.Join(", ", values)}\n");
        }

        return told.Append(body.Length == 0 ? "\n" : $"{body}\n\n").ToString();
    }

    private IEnumerable<Exchange> Exchanges()
    {
        var lines = _golden.Split('\n');
        for (var at = 0; at < lines.Length;)
        {
            var begin = at;
            var asked = lines[at..].TakeWhile(line => line.StartsWith(Request, StringComparison.Ordinal)).ToArray();
            if (asked.Length == 0)
            {
                yield break;
            }

            at += asked.Length;
            var status = int.Parse(lines[at]);
            while (at < lines.Length && !lines[at].StartsWith(Request, StringComparison.Ordinal))
            {
                at++;
            }

            var text = string.Join('\n', lines[begin..at]) + (at < lines.Length ? "\n" : "");
            yield return new Exchange(text, status, [.. asked.Select(line => line[Request.Length..])]);
        }
    }

    private static string Timeless(string exchange)
    {
        var masked = Times().Replace(exchange, "\"${name}\":\"<time>\"");
        var isHead = exchange.StartsWith($"{Request}HEAD ", StringComparison.Ordinal);
        return masked == exchange && !isHead ? exchange : Length().Replace(masked, "Content-Length: <length>");
    }

    [GeneratedRegex("\"(?<name>createdAt|updatedAt|at)\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z\"")]
    private static partial Regex Times();

    [GeneratedRegex("Content-Length: [0-9]+")]
    private static partial Regex Length();

    /// <param name="Asked">Request line, headers, and the body if there is one.</param>
    private sealed record Exchange(string Text, int Status, string[] Asked)
    {
        public string Method => Asked[0][..Asked[0].IndexOf(' ')];

        public string Path => Asked[0][(Method.Length + 1)..];

        public string? Body => Asked.Length > 1 && Asked[^1].StartsWith('{') ? Asked[^1] : null;

        public IEnumerable<(string, string)> Headers => Asked[1..(Body is null ? Asked.Length : Asked.Length - 1)]
            .Select(line => (line[..line.IndexOf(": ", StringComparison.Ordinal)], line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));

        public string Head => string.Concat(Asked.Select(line => $"{Request}{line}\n"));
    }
}
