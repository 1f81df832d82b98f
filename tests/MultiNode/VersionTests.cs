using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Two releases of one program over one store; the second has event booked@2, which the first cannot read.</summary>
[Collection(Stores.Collection)]
public sealed class VersionTests(Stores stores, ITestOutputHelper output) : IAsyncLifetime
{
    private const int RefusedExitCode = 64;
    private const int Ledgers = 12;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly List<NodeProcess> _nodes = [];
    private readonly GatewayClient _client = new(TimeSpan.FromSeconds(20));
    private readonly Dictionary<string, int> _booked = [];
    private TestStore _store = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _client.Dispose();
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_newer_version_is_written_once_all_read_it_and_then_no_older_program_comes_back(string store)
    {
        _store = await stores.CreateAsync(store);
        var older = await StartAsync("node-1", revision: 1);
        await BookAsync(older);

        // Side by side: what the newer program writes the older one reads.
        var newer = await StartAsync("node-2", revision: 2, "--downcast", "true");
        await BookAsync(older);
        await BookAsync(newer);
        Assert.Equal(["booked"], await EventTypesAsync(newer));
        await CheckTotalsAsync(older);
        Assert.Contains("node-1 (version", newer.Log, StringComparison.Ordinal);

        // Nothing newer was written, so the older program starts again.
        await StopAsync(older);
        older = await StartAsync("node-1", revision: 1);
        await CheckTotalsAsync(older);
        await StopAsync(older);

        // By itself, once everybody reads it.
        await Eventually.Holds("the newer version is written", Bound, async () =>
        {
            await BookAsync(newer);
            return (await EventTypesAsync(newer)).Contains("booked@2") ? null : "not yet";
        });
        await CheckTotalsAsync(newer);

        var refused = Launch("node-1", revision: 1);
        Assert.Equal(RefusedExitCode, await refused.WaitForExitAsync(Bound));
        Assert.Contains("event booked@2 of kind ledger", refused.Log, StringComparison.Ordinal);
        Assert.Contains("by node node-2", refused.Log, StringComparison.Ordinal);
        output.WriteLine(refused.Tail(1));

        var third = await StartAsync("node-3", revision: 2);
        await CheckTotalsAsync(third);
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Without_an_older_form_the_command_is_refused_by_the_name_of_who_holds_it_back(string store)
    {
        _store = await stores.CreateAsync(store);
        var older = await StartAsync("node-1", revision: 1);
        var newer = await StartAsync("node-2", revision: 2);
        using (var management = new ManagementClient(newer.Management))
        {
            await Eventually.Holds("both own shards", Bound, async () =>
                (await management.ShardsAsync()).Select(shard => shard.Owner).Distinct().Count() == 2 ? null : "not yet");
        }

        var answers = new List<GatewayAnswer>();
        for (var ledger = 0; ledger < Ledgers; ledger++)
        {
            answers.Add(await _client.PostAsync(newer.Gateway, $"/ledgers/l-{ledger}/1"));
        }

        var held = answers.Where(answer => !answer.IsSuccess).ToList();
        Assert.InRange(held.Count, 1, Ledgers - 1);
        Assert.All(held, answer => Assert.Equal((503, "event/held-back"), ((int)answer.Status, answer.Code)));
        Assert.Contains("node-1 (version", held[0].Body, StringComparison.Ordinal);
        Assert.Equal(["booked"], await EventTypesAsync(newer));

        await StopAsync(older);
        await Eventually.Holds("the held back command is taken", Bound, async () =>
        {
            var answer = await _client.PostAsync(newer.Gateway, "/ledgers/l-0/1");
            return answer.IsSuccess ? null : answer.ToString();
        });
    }

    private NodeProcess Launch(string name, int revision, params string[] arguments)
    {
        var node = NodeProcess.Start(new NodeSettings
        {
            Name = name,
            Store = _store,
            Program = NodeProgram.Of(Repository.VersionedNodeProgram),
            Arguments = ["--shards", "16", "--revision", $"{revision}", .. arguments],
        });
        _nodes.Add(node);
        return node;
    }

    private async Task<NodeProcess> StartAsync(string name, int revision, params string[] arguments)
    {
        var node = Launch(name, revision, arguments);
        await node.WaitUntilReady(Bound);
        return node;
    }

    private static async Task StopAsync(NodeProcess node)
    {
        node.Terminate();
        Assert.Equal(0, await node.WaitForExitAsync(Bound));
    }

    /// <summary>One booking in each ledger, through the given node; every one must be taken.</summary>
    private async Task BookAsync(NodeProcess node)
    {
        for (var ledger = 0; ledger < Ledgers; ledger++)
        {
            var answer = await _client.PostAsync(node.Gateway, $"/ledgers/l-{ledger}/7");
            Assert.True(answer.IsSuccess, $"{node.Name}: {answer}");
            _booked[$"l-{ledger}"] = _booked.GetValueOrDefault($"l-{ledger}") + 7;
        }
    }

    private async Task CheckTotalsAsync(NodeProcess node)
    {
        foreach (var (ledger, total) in _booked)
        {
            var answer = await _client.GetAsync(node.Gateway, $"/ledgers/{ledger}");
            Assert.Equal(total, answer.Member("total")?.GetInt32());
        }
    }

    private static async Task<IReadOnlyList<string>> EventTypesAsync(NodeProcess node)
    {
        using var management = new ManagementClient(node.Management);
        var types = new SortedSet<string>(StringComparer.Ordinal);
        for (var ledger = 0; ledger < Ledgers; ledger++)
        {
            types.UnionWith((await management.EventsAsync("ledger", $"l-{ledger}")).Select(happened => happened.Type));
        }

        return [.. types];
    }
}
