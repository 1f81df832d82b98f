using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AkkaScale.Tests.Hostile;

/// <summary>Requests as bytes, for what no HTTP client would send, and the bytes that come back.</summary>
internal static class RawHttp
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>How long a second answer is waited for behind one that says it is the last.</summary>
    private static readonly TimeSpan SecondAnswer = TimeSpan.FromMilliseconds(300);

    public static byte[] Put(string path, string body) => Put(path, Encoding.UTF8.GetBytes(body));

    public static byte[] Put(string path, byte[] body) =>
        Request($"PUT {path}", $"Content-Type: application/json\r\nContent-Length: {body.Length}", body);

    /// <param name="line">Method and target.</param>
    public static byte[] Request(string line, string headers = "", ReadOnlySpan<byte> body = default) =>
        Raw(line, headers.Length == 0 ? "X-Acting-User: tester" : $"X-Acting-User: tester\r\n{headers}", body);

    /// <summary>Without anybody who acts.</summary>
    public static byte[] Raw(string line, string headers, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n\r\n"), .. body];

    public static byte[] Chunked(string path, int length)
    {
        var chunk = $"1000\r\n{new string(' ', 0x1000)}\r\n";
        var chunks = string.Concat(Enumerable.Repeat(chunk, (length / 0x1000) + 1)) + "0\r\n\r\n";
        return Request($"PUT {path}", "Content-Type: application/json\r\nTransfer-Encoding: chunked", Encoding.ASCII.GetBytes(chunks));
    }

    public static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends the bytes as they are and reads until the other side closes the connection.</summary>
    /// <param name="cuts">Where the bytes are cut into TCP segments.</param>
    public static async Task<string> ExchangeAsync(int port, byte[] request, params IReadOnlyList<int> cuts)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var client = await ConnectAsync(port);
        var stream = client.GetStream();
        var sending = SendAsync(stream, request, cuts, bound.Token);
        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                // A server may wait politely for the rest of a request before it closes.
                using var more = CancellationTokenSource.CreateLinkedTokenSource(bound.Token);
                if (IsWhole(answer.ToArray()))
                {
                    more.CancelAfter(SecondAnswer);
                }

                if (await stream.ReadAsync(buffer, more.Token) is var count && count == 0)
                {
                    break;
                }

                answer.Write(buffer, 0, count);
            }
        }
        catch (IOException)
        {
            // Closed with some of the request unread, which resets the connection behind the answer.
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            return $"still open after {Bound.TotalSeconds:0} s: {Encoding.UTF8.GetString(answer.ToArray())}";
        }
        catch (OperationCanceledException)
        {
            // one whole answer, and no second one
        }

        client.Close();
        await sending;
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>An answer that is the last one, with all of its body.</summary>
    private static bool IsWhole(byte[] received)
    {
        var text = Encoding.Latin1.GetString(received);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !text.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        const string Length = "\r\nContent-Length: ";
        var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && at < end
            && int.TryParse(text[(at + Length.Length)..text.IndexOf("\r\n", at + 2, StringComparison.Ordinal)], out var length)
            && received.Length >= end + 4 + length;
    }

    /// <summary>The status of an answer; 0 if there is none.</summary>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(answer.AsSpan(9, 3), out var status) ? status : 0;

    /// <summary>Answers on one connection; a second one would be to a request that was smuggled in.</summary>
    public static int AnswersIn(string received) => received.Split("HTTP/1.1 ").Length - 1;

    /// <summary>The version in an answer's JSON, 0 if it has none.</summary>
    public static long VersionOf(string answer)
    {
        try
        {
            using var body = JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
            return body.RootElement.TryGetProperty("version", out var version) ? version.GetInt64() : 0;
        }
        catch (Exception noJson) when (noJson is JsonException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>What is wrong with an answer that should be this problem; null if nothing is.</summary>
    /// <param name="code">A code, the beginning of one up to its slash, or null where the server itself answers, before there is a request to speak of.</param>
    public static string? Fault(string answer, int status, string? code)
    {
        if (StatusOf(answer) != status)
        {
            return $"not {status}";
        }

        if (AnswersIn(answer) != 1)
        {
            return "more than one answer";
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

    private static async Task SendAsync(NetworkStream stream, byte[] request, IReadOnlyList<int> cuts, CancellationToken cancellationToken)
    {
        try
        {
            var sent = 0;
            foreach (var cut in cuts.Append(request.Length))
            {
                await stream.WriteAsync(request.AsMemory(sent, cut - sent), cancellationToken);
                sent = cut;
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // closed before it was all read: what was answered counts
        }
    }
}
