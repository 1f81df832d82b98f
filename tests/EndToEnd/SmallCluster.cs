using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Nodes of one cluster over one embedded store; few shards, so that all of them are soon touched.</summary>
internal sealed class SmallCluster : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly SqliteTestStore _store = new();
    private readonly List<NodeProcess> _nodes = [];

    public NodeSettings Settings(string name, string roles = "entity,gateway", params IEnumerable<string> arguments) => new()
    {
        Name = name,
        Roles = roles,
        Store = _store,
        Arguments = ["--shards", "8", .. arguments],
    };

    public async Task<NodeProcess> StartAsync(string name, string roles = "entity,gateway", params IEnumerable<string> arguments)
    {
        var node = Launch(name, roles, arguments);
        await node.WaitUntilReady(Bound);
        return node;
    }

    /// <summary>The process is under way when this returns.</summary>
    public NodeProcess Launch(string name, string roles = "entity,gateway", params IEnumerable<string> arguments)
    {
        var node = NodeProcess.Start(Settings(name, roles, arguments));
        _nodes.Add(node);
        return node;
    }

    /// <summary>Project p-1, and so many tasks of it: t-1, t-2, …</summary>
    public static async Task FillAsync(GatewayClient client, Uri gateway, int tasks)
    {
        await SucceedsAsync(client, gateway, "/projects/p-1", new { name = "One", owner = "u-1" });
        for (var number = 1; number <= tasks; number++)
        {
            await SucceedsAsync(client, gateway, $"/tasks/t-{number}", new { title = $"Task {number}", project = "p-1" });
        }
    }

    public static Task AnswersAsync(GatewayClient client, Uri gateway, int tasks) => Eventually.Holds(
        $"all {tasks} tasks answer", Bound, async () =>
    {
        for (var number = 1; number <= tasks; number++)
        {
            var answer = await client.GetAsync(gateway, $"/tasks/t-{number}");
            if (!answer.IsSuccess)
            {
                return $"t-{number}: {answer}";
            }
        }

        return null;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _store.DisposeAsync();
    }

    private static Task SucceedsAsync(GatewayClient client, Uri gateway, string path, object body) => Eventually.Holds(
        $"PUT {path} succeeds", Bound, async () =>
    {
        var answer = await client.PutAsync(gateway, path, body, key: $"fill{path}");
        return answer.IsSuccess ? null : answer.ToString();
    });
}
