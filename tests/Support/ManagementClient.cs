using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support;

/// <summary>The management port of one node, as docs/management-api.md has it.</summary>
public sealed class ManagementClient(Uri address) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestHeaders = { Authorization = address.IsLoopback ? null : new AuthenticationHeaderValue("Bearer", NodeProcessSettings.ManagementToken) },
    };

    public Task<bool> IsAliveAsync() => IsOkAsync("/alive");

    public Task<bool> IsReadyAsync() => IsOkAsync("/ready");

    public async Task<IReadOnlyList<MemberView>> MembersAsync() => (await GetAsync<MembersView>("/cluster/members")).Members;

    public Task<ClusterStatusView> StatusAsync() => GetAsync<ClusterStatusView>("/cluster/status");

    public async Task<IReadOnlyList<ShardView>> ShardsAsync() => (await GetAsync<ShardsView>("/cluster/shards")).Shards;

    public Task<WhereView> WhereAsync(string kind, string id) =>
        GetAsync<WhereView>($"/cluster/where/{kind}/{Uri.EscapeDataString(id)}");

    /// <summary>Checks one shard's whole journal: how many events it has, and what is wrong with them.</summary>
    public Task<ShardVerificationView> VerifyAsync(string region, int shard) =>
        GetAsync<ShardVerificationView>($"/journal/verify/{region}/{shard}");

    /// <summary>All events of one entity as the journal has them, in order.</summary>
    public async Task<IReadOnlyList<EventView>> EventsAsync(string kind, string id)
    {
        var events = new List<EventView>();
        for (long? after = 0; after is not null;)
        {
            var page = await EventPageAsync(kind, id, after.Value, 1000);
            events.AddRange(page.Events);
            after = page.Next;
        }

        return events;
    }

    /// <summary>The events after a version, so many at most; the page tells where the next one begins.</summary>
    public Task<EventsView> EventPageAsync(string kind, string id, long after, int limit) =>
        GetAsync<EventsView>($"/entities/{kind}/{Uri.EscapeDataString(id)}/events?after={after}&limit={limit}");

    /// <summary>Tells a member to go: Down or Leave.</summary>
    public async Task<MemberOrderView> OrderAsync(string member, string operation)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("operation", operation)]);
        using var answer = await _http.PutAsync($"/cluster/members/{Uri.EscapeDataString(member)}", form);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<MemberOrderView>(Json))!
            : throw new HttpRequestException($"{operation} {member}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The status of an order that is not carried out.</summary>
    public async Task<int> RefusedOrderAsync(string member, string operation)
    {
        using var answer = await _http.PutAsync($"/cluster/members/{Uri.EscapeDataString(member)}", JsonContent.Create(new { operation }));
        return (int)answer.StatusCode;
    }

    /// <summary>The shard moves to the node, once.</summary>
    public Task MoveAsync(string region, int shard, string node) =>
        ChangeAsync(HttpMethod.Post, $"/shards/{region}/{shard}/move", new { node });

    /// <param name="after">Number of the last one known; null: none is asked for, only the latest number.</param>
    public Task<DecisionsView> DecisionsAsync(long? after) =>
        GetAsync<DecisionsView>(after is null ? "/shards/decisions" : string.Create(CultureInfo.InvariantCulture, $"/shards/decisions?after={after}&limit=1000"));

    /// <summary>Takes back what was ordered about nodes and shards, but for moves.</summary>
    public async Task TakeOrdersBackAsync()
    {
        foreach (var node in (await MembersAsync()).Where(member => member.Order is not null).Select(member => member.Name).Distinct())
        {
            await ChangeAsync(HttpMethod.Post, $"/nodes/{node}/uncordon", new { });
        }

        foreach (var shard in (await ShardsAsync()).Where(shard => shard.PinnedTo is not null))
        {
            await ChangeAsync(HttpMethod.Post, $"/shards/{shard.Region}/{shard.Shard}/unpin", new { });
        }
    }

    /// <summary>The entity leaves memory, unless something is under way with it.</summary>
    public Task PassivateAsync(string kind, string id) =>
        ChangeAsync(HttpMethod.Post, $"/entities/{kind}/{Uri.EscapeDataString(id)}/passivate", new { });

    public Task<string> MetricsAsync() => _http.GetStringAsync("/metrics");

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsOkAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private async Task ChangeAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<T> GetAsync<T>(string path) =>
        await _http.GetFromJsonAsync<T>(path, Json) ?? throw new JsonException($"{path} answered null");
}
