using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>One node with a token of each role and nobody else let in, and questions about what it did.</summary>
public sealed class AccessCluster : IAsyncLifetime
{
    public const string Viewer = "viewers-token-0123456789-0123456789";
    public const string Operator = "operators-token-0123456789-0123456789";

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly SqliteTestStore _store = new();
    private readonly string _tokens = Path.GetTempFileName();

    public NodeProcess Node { get; private set; } = null!;

    public int Port => Node.Settings.ManagementPort;

    public static string TokenLines =>
        $"# two of them\nvera viewer {HashOf(Viewer)}\notto operator {HashOf(Operator)}\n";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_tokens, TokenLines);
        Node = NodeProcess.Start(new NodeSettings
        {
            Name = "guarded",
            Store = _store,
            Arguments = ["--shards", "8", "--management-anonymous", "none", "--management-token-file", _tokens],
        });
        await Node.WaitUntilReady(StartBound);
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await _store.DisposeAsync();
        File.Delete(_tokens);
    }

    /// <param name="token">Null: none.</param>
    public HttpClient Client(string? token)
    {
        var http = new HttpClient { BaseAddress = Node.Management, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>Latest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> AuditAsync()
    {
        using var http = Client(Viewer);
        var log = await http.GetFromJsonAsync<JsonElement>("/audit?limit=1000");
        return [.. log.GetProperty("entries").EnumerateArray()];
    }

    /// <summary>Method and template of every route, with those of one method alone if it is named; from the node's own document.</summary>
    public async Task<IReadOnlyList<(string Method, string Template)>> RoutesAsync()
    {
        using var http = Client(Viewer);
        var document = await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return
        [
            .. document.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name))),
        ];
    }

    /// <summary>Events in the journal, of all shards.</summary>
    public async Task<long> EventsAsync()
    {
        using var http = Client(Viewer);
        return (await http.GetFromJsonAsync<JsonElement>("/journal/stats")).GetProperty("total").GetProperty("events").GetInt64();
    }

    private static string HashOf(string token) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
