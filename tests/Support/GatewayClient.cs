using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AkkaScale.Tests.Support;

/// <summary>The task API over one or several gateways, as a client sees it. Sends one attempt a call and retries nothing by itself.</summary>
public sealed class GatewayClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="attemptTimeout">Bound on one request; an attempt beyond it throws.</param>
    /// <param name="wait">How long the gateway is asked to try, in whole seconds; null: as long as it does by itself.</param>
    public GatewayClient(TimeSpan attemptTimeout, TimeSpan? wait = null)
    {
        _http = new HttpClient { Timeout = attemptTimeout };
        if (wait is { TotalSeconds: var seconds })
        {
            _http.DefaultRequestHeaders.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={seconds:0}"));
        }
    }

    public Task<GatewayAnswer> PutAsync(Uri gateway, string path, object body, string? key = null) =>
        SendAsync(HttpMethod.Put, gateway, path, body, key);

    public Task<GatewayAnswer> PostAsync(Uri gateway, string path, object? body = null, string? key = null) =>
        SendAsync(HttpMethod.Post, gateway, path, body, key);

    public Task<GatewayAnswer> GetAsync(Uri gateway, string path) => SendAsync(HttpMethod.Get, gateway, path, null, null);

    public void Dispose() => _http.Dispose();

    /// <param name="key">The Idempotency-Key, or null for none.</param>
    public async Task<GatewayAnswer> SendAsync(HttpMethod method, Uri gateway, string path, object? body, string? key)
    {
        using var request = new HttpRequestMessage(method, new Uri(gateway, path));
        request.Headers.Add("X-Acting-User", "tester");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new GatewayAnswer(response.StatusCode, text, response.Headers.Contains("Idempotency-Replayed"))
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }
}
