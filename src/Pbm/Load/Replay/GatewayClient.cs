using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>
/// One attempt over HTTP. Below HttpClient, whose buffering and per-call bookkeeping cost as much again as the request
/// on a machine that also runs the cluster.
/// </summary>
public sealed class GatewayClient : IDisposable
{
    /// <summary>More than the largest answer of the contract: 500 comments of 16 KiB.</summary>
    private const long LargestAnswer = 32 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly string _prefer;

    /// <param name="connections">At most this many to each gateway.</param>
    /// <param name="attemptTimeout">The gateway is asked to give up a little earlier, so that it is it that answers.</param>
    public GatewayClient(int connections, TimeSpan attemptTimeout, TimeProvider time)
    {
        _time = time;
        var wait = Math.Clamp((int)(attemptTimeout.TotalSeconds * 0.8), 1, 30);
        _prefer = string.Create(CultureInfo.InvariantCulture, $"wait={wait}");
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
        });
    }

    /// <exception cref="HttpRequestException">No connection, or it broke: the outcome is unknown.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled: the outcome is unknown.</exception>
    public async Task<GatewayAnswer> SendAsync(Uri gateway, GatewayRequest request, CancellationToken cancellation)
    {
        var address = new Uri(gateway.GetLeftPart(UriPartial.Authority) + request.Path, AsWritten);
        using var message = new HttpRequestMessage(request.Method, address);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.ContentType = JsonType;
        }
        else if (request.Method == HttpMethod.Post)
        {
            message.Content = new ByteArrayContent([]);
        }

        if (request.Key is not null)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", request.Key);
            message.Headers.TryAddWithoutValidation("X-Acting-User", request.ActingUser);
        }

        message.Headers.TryAddWithoutValidation("Prefer", _prefer);
        using var response = await _invoker.SendAsync(message, cancellation).ConfigureAwait(false);
        await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        return AnswerParser.Parse(response, body, _time);
    }

    public void Dispose() => _invoker.Dispose();
}
