using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>An export under load from 256 shards, its import into 64: the same entities, with all they have done and answered.</summary>
[Collection(Stores.Collection)]
public sealed class ExportTests(Stores stores, ITestOutputHelper output) : IDisposable
{
    private const int NewShards = 64;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-export-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(TestStore.Sqlite, TestStore.Postgres)]
    [InlineData(TestStore.Postgres, TestStore.Sqlite)]
    public async Task A_journal_moves_to_another_store_with_another_number_of_shards(string from, string to)
    {
        var file = Path.Combine(_directory.FullName, "journal.jsonl.gz");
        Dictionary<string, long> acknowledged;
        Dictionary<string, string> events;
        JsonNode export;
        await using (var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(from), 2))
        {
            await using var load = await TaskLoad.StartAsync(cluster.Gateways(), workers: 8, tasksPerWorker: 4);
            await load.ProgressAsync(300);
            acknowledged = load.Acknowledged.ToDictionary();
            export = Json(await PbmAsync("journal", "export", file, "--json", "--node", cluster.Nodes[0].Management.Authority));
            await load.StopAndCheckAsync();
            events = await EventsAsync(cluster.Nodes[0], acknowledged.Keys);
        }

        await using var store = await stores.CreateAsync(to);
        string[] target = to == TestStore.Sqlite ? ["--store-path", store.Arguments[^1]] : ["--connection-string", store.Arguments[^1]];
        string[] import = ["journal", "import", file, "--json", "--shards", $"{NewShards}", "--program", Repository.NodeProgram, .. target];
        var imported = Json(await PbmAsync(import));
        output.WriteLine($"{export}\n{imported}");
        Assert.Equal((long)export["events"]!, (long)imported["events"]!);
        Assert.Equal(2, (await PbmAsync(import)).ExitCode); // it is not empty any more

        await using var node = NodeProcess.Start(new NodeSettings { Name = "node-1", Store = store, Arguments = ["--shards", $"{NewShards}"] });
        await node.WaitUntilReady(Bound);
        await CheckAsync(node, acknowledged, events);
        var verified = Json(await PbmAsync("journal", "verify", "--json", "--node", node.Management.Authority));
        Assert.Equal((NewShards, 0L), ((int)verified["shardCount"]!, (long)verified["violationCount"]!));
        Assert.InRange((long)verified["events"]!, (long)export["events"]!, long.MaxValue);
    }

    private static async Task CheckAsync(NodeProcess node, Dictionary<string, long> acknowledged, Dictionary<string, string> events)
    {
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        var now = await EventsAsync(node, acknowledged.Keys);
        foreach (var (task, version) in acknowledged)
        {
            // The export is of a moment after the last acknowledgement: it has that much at least, and nothing that differs from what the old cluster has.
            Assert.StartsWith(now[task], events[task], StringComparison.Ordinal);
            Assert.True(now[task].Split('\n').Length > version, $"{task} was acknowledged at {version}: {now[task]}");

            // The first command ever sent to it, again under its key: the first answer, and no second effect.
            var again = await client.PostAsync(node.Gateway, $"/tasks/{task}/comment", new { text = $"{task} comment 1" }, $"comment-{task}-1");
            Assert.True(again is { IsSuccess: true, Version: 2 }, again.ToString());
        }

        Assert.Equal(now, await EventsAsync(node, acknowledged.Keys));
        var fresh = await client.PostAsync(node.Gateway, $"/tasks/{acknowledged.Keys.First()}/comment", new { text = "afterwards" }, "afterwards");
        Assert.True(fresh.IsSuccess, fresh.ToString());
    }

    /// <summary>All that an event is but for where it lies: a line each.</summary>
    private static async Task<Dictionary<string, string>> EventsAsync(NodeProcess node, IEnumerable<string> tasks)
    {
        using var management = new ManagementClient(node.Management);
        var all = new Dictionary<string, string>();
        foreach (var task in tasks)
        {
            all[task] = string.Concat((await management.EventsAsync("task", task)).Select(happened =>
                $"{happened.Version} {happened.Type} {happened.CommandId} {JsonSerializer.Serialize(happened.Payload)}\n"));
        }

        return all;
    }

    private static JsonNode Json(ProgramRun run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }

    private static Task<ProgramRun> PbmAsync(params string[] arguments) => ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, .. arguments], Bound);
}
