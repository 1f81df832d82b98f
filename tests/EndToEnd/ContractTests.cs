using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>The HTTP contract's conversations with a real process.</summary>
public sealed class ContractTests : IAsyncLifetime
{
    private readonly TestStoreFactory _stores = new();

    public static TheoryData<string> Stores => new(TestStore.Sqlite, TestStore.Postgres);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stores.DisposeAsync().AsTask();

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_node_answers_as_the_contract_says(string kind)
    {
        await using var store = await _stores.CreateAsync(kind);

        // Ids that are derived from a key depend on the cluster's name.
        await using var node = NodeProcess.Start(new NodeSettings
        {
            Name = "node-1",
            Store = store,
            Arguments = ["--cluster", "test", "--shards", "8"],
        });
        await node.WaitUntilReady(TimeSpan.FromSeconds(60));

        await HoldAsync("users.http", node);
        await HoldAsync("projects.http", node);
        await ArrangeAsync(node, "/projects/p-2", """{"name":"Two","owner":"ann"}""");
        await HoldAsync("tasks.http", node);

        // What a healthy node does not answer: overloaded, unavailable, too late, a fault.
        await HoldAsync("errors.http", node, status => status is not (429 or 500 or 503 or 504));
    }

    private static async Task HoldAsync(string name, NodeProcess node, Func<int, bool>? isPossible = null) =>
        Assert.True(await new GoldenConversation(name).HoldAsync(node.Gateway, isPossible ?? (_ => true)) >= 10, $"{name} is nearly empty");

    private static async Task ArrangeAsync(NodeProcess node, string path, string body)
    {
        using var client = new HttpClient { BaseAddress = node.Gateway, Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body, null, "application/json") };
        request.Headers.Add("X-Acting-User", "ann");
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
    }
}
