using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AkkaScale.Pbm.Management;

/// <summary>
/// Reads the management API of whichever of the given nodes answers first; every node answers for the whole cluster.
/// Safe for concurrent calls.
/// </summary>
public sealed class ManagementClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly IReadOnlyList<Uri> _nodes;
    private readonly HttpClient _http;
    private int _current;

    /// <param name="timeout">Of one answer.</param>
    /// <param name="token">Shown to the nodes; null: none.</param>
    public ManagementClient(IReadOnlyList<Uri> nodes, TimeSpan timeout, string? token = null)
    {
        _nodes = nodes;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        })
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <summary>The node that answered last, else the first to be asked.</summary>
    public Uri Current => _nodes[Volatile.Read(ref _current)];

    /// <summary>An endless answer of server-sent events from one of the nodes; ends when the node ends it or is lost.</summary>
    /// <exception cref="NodeUnreachableException">None of the nodes answers.</exception>
    /// <exception cref="NodeRefusedException">A node answered with a status of the 4xx.</exception>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await OpenAsync(HttpMethod.Get, path, () => null, cancellation).ConfigureAwait(false);
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var events = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await events.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                yield break;
            }

            yield return events.Current;
        }
    }

    /// <param name="path">With its query, percent-encoded.</param>
    /// <exception cref="NodeUnreachableException">None of the nodes gave a usable answer.</exception>
    /// <exception cref="NodeRefusedException">A node answered with a status of the 4xx.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, shape, cancellation);

    /// <summary>As <see cref="GetAsync"/>, with another method and no body.</summary>
    public Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        AskAsync(method, path, null, shape, cancellation);

    /// <summary>Gives an order. Orders say how things shall be, so that giving one to a second node after the first fell silent does no harm.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyShape, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyShape), shape, cancellation);

    /// <inheritdoc cref="PostAsync"/>
    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Delete, path, null, shape, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        var complaints = new List<string>();
        var first = Volatile.Read(ref _current);
        for (var i = 0; i < _nodes.Count; i++)
        {
            var index = (first + i) % _nodes.Count;
            var (answer, complaint) = await TryAskAsync(_nodes[index], method, path, body, shape, cancellation).ConfigureAwait(false);
            if (complaint is null)
            {
                Volatile.Write(ref _current, index);
                return answer!;
            }

            complaints.Add($"{_nodes[index].Authority}: {complaint}");
        }

        throw new NodeUnreachableException("no node answers: " + string.Join("; ", complaints));
    }

    /// <summary>For large answers and large bodies: the client's timeout holds for the beginning of the answer only.</summary>
    /// <param name="content">Called anew for each node that is asked.</param>
    /// <returns>A success, whose body is still to be read.</returns>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, Func<HttpContent?> content, CancellationToken cancellation)
    {
        var complaints = new List<string>();
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[(_current + i) % _nodes.Count];
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(node.GetLeftPart(UriPartial.Authority) + path, AsWritten)) { Content = content() };
                var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                var problem = Describe((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
                response.Dispose();
                complaints.Add((int)response.StatusCode is >= 400 and < 500 ? throw new NodeRefusedException($"{node.Authority}: {problem}") : $"{node.Authority}: {problem}");
            }
            catch (HttpRequestException problem)
            {
                complaints.Add($"{node.Authority}: {problem.InnerException?.Message ?? problem.Message}");
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                complaints.Add($"{node.Authority}: no answer within {_http.Timeout.TotalSeconds:0.#} s");
            }
        }

        throw new NodeUnreachableException("no node answers: " + string.Join("; ", complaints));
    }

    private async Task<(T? Answer, string? Complaint)> TryAskAsync<T>(
        Uri node, HttpMethod method, string path, byte[]? sent, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        try
        {
            var address = new Uri(node.GetLeftPart(UriPartial.Authority) + path, AsWritten);
            using var request = new HttpRequestMessage(method, address);
            if (sent is not null)
            {
                request.Content = new ByteArrayContent(sent) { Headers = { ContentType = new("application/json") } };
            }

            using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return (JsonSerializer.Deserialize(body, shape) ?? throw new JsonException("null is not an answer"), null);
            }

            var problem = Describe((int)response.StatusCode, body);
            return (int)response.StatusCode is >= 400 and < 500
                ? throw new NodeRefusedException($"{node.Authority}: {problem}")
                : (default, problem);
        }
        catch (HttpRequestException problem)
        {
            return (default, problem.InnerException?.Message ?? problem.Message);
        }
        catch (JsonException problem)
        {
            return (default, $"not an answer of the management API: {problem.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (default, $"no answer within {_http.Timeout.TotalSeconds:0.#} s");
        }
    }

    private static string Describe(int status, byte[] body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(body, ManagementJson.Default.ProblemShape);
            var text = string.Join(", ", new[] { problem?.Code, problem?.Detail ?? problem?.Title }.Where(part => part is not null));
            return text.Length > 0 ? $"status {status}, {text}" : $"status {status}";
        }
        catch (JsonException)
        {
            return $"status {status}";
        }
    }
}
