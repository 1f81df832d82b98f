using System.Net.Http.Headers;
using System.Text.Json;
using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>A client's end of HTTP: sends single requests from the client's own host.</summary>
internal sealed class ClientEdge : IDisposable
{
    private static readonly TimeSpan ConnectBound = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http;
    private readonly TimeSpan _wait;

    /// <param name="attempt">Bound on one request.</param>
    /// <param name="wait">What the gateway is asked to try at most; below <paramref name="attempt"/>.</param>
    public ClientEdge(NamespaceSockets sockets, TimeSpan attempt, TimeSpan wait)
    {
        _wait = wait;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (context, stop) => sockets.ConnectAsync(context.DnsEndPoint, stop),
            ConnectTimeout = ConnectBound,
            UseProxy = false,
        })
        { Timeout = attempt };
    }

    public async Task<Attempt> SendAsync(
        HttpMethod method, Uri gateway, string path, string user, string? body, Guid? key, long? expectedVersion, bool isImpatient)
    {
        using var request = new HttpRequestMessage(method, new Uri(gateway, path));
        request.Headers.Add("X-Acting-User", user);
        request.Headers.Add("Prefer", $"wait={(int)_wait.TotalSeconds}");
        if (key is { } own)
        {
            request.Headers.Add("Idempotency-Key", own.ToString());
        }

        if (expectedVersion is { } version)
        {
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        }

        using var bound = new CancellationTokenSource(isImpatient ? Impatience : Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await _http.SendAsync(request, bound.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(bound.Token);
            return Read((int)response.StatusCode, answer);
        }
        catch (OperationCanceledException)
        {
            return new Attempt(0, "", null, null, true, "no answer in time");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Attempt(0, "", null, null, false, error.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private static Attempt Read(int status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            long? version = root.TryGetProperty("version", out var found) ? found.GetInt64() : null;
            var code = root.TryGetProperty("code", out var said) ? said.GetString()! : "";
            var value = root.TryGetProperty("commentCount", out var comments)
                ? TaskFold.Value(root.GetProperty("title").GetString()!, root.GetProperty("status").GetString()!, comments.GetInt64())
                : null;
            return new Attempt(status, code, version, value, false, "");
        }
        catch (JsonException unreadable)
        {
            return new Attempt(status, "", null, null, false, $"the body is not JSON: {unreadable.Message}");
        }
    }
}
