using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Console;

/// <summary>Two nodes that nobody kills, for tests that only look; with a few tasks, some of them made to deceive.</summary>
public sealed class QuietCluster : IAsyncLifetime
{
    /// <summary>Would run if it were read as markup.</summary>
    public const string Hostile = "<img src=x onerror=\"alert('title')\"><script>alert(1)</script>\u202e&lt;b>";

    /// <summary>A task with such an id, and such a title.</summary>
    public const string HostileId = "t-<svg onload=alert('id')>'\"&?#%";

    /// <summary>Of each region: enough to look at, and evened out within a few seconds.</summary>
    internal static readonly string[] FewShards = ["--shards", "32"];

    private ClusterFixture? _cluster;

    public ClusterFixture Nodes => _cluster!;

    public Uri Management => Nodes.Nodes[0].Management;

    public async Task InitializeAsync()
    {
        if (InstalledProgram.Find(Browser.Program) is null)
        {
            return;
        }

        _cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 2, FewShards);
        try
        {
            await FillAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private async Task FillAsync()
    {
        using var client = new GatewayClient(TimeSpan.FromSeconds(10));
        await SendAsync(client, HttpMethod.Put, "/users/tester", new { name = "Tester" });
        await SendAsync(client, HttpMethod.Put, "/projects/engine", new { name = "Engine", owner = "tester" });
        await SendAsync(client, HttpMethod.Put, "/tasks/t-1", new { project = "engine", title = "Write the notes" });
        await SendAsync(client, HttpMethod.Post, "/tasks/t-1/comment", new { text = "First draft is done" });
        await SendAsync(client, HttpMethod.Post, "/tasks/t-1/complete", new { });
        await SendAsync(client, HttpMethod.Put, $"/tasks/{Uri.EscapeDataString(HostileId)}", new { project = "engine", title = Hostile });
        for (var nr = 2; nr < 120; nr++)
        {
            await SendAsync(client, HttpMethod.Put, $"/tasks/t-{nr}", new { project = "engine", title = $"Task {nr}" });
        }
    }

    private async Task SendAsync(GatewayClient client, HttpMethod method, string path, object body)
    {
        var answer = await client.SendAsync(method, Nodes.Nodes[0].Gateway, path, body, null);
        Assert.True((int)answer.Status < 300, $"{path}: {answer.Status} {answer.Body}");
    }
}
