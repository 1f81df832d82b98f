using System.Text.Json.Nodes;
using AkkaScale.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Backups taken under load, restored elsewhere, checked and used: by the command line, as an operator does it.</summary>
[Collection(Stores.Collection)]
public sealed class BackupTests(Stores stores, ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-backup-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_embedded_store_is_copied_under_load_and_the_copy_has_all_that_was_acknowledged_before()
    {
        await using var cluster = await ClusterFixture.StartAsync(
            await stores.CreateAsync(TestStore.Sqlite), 2, "--AkkaScale:Store:BackupPath", Path.Combine(_directory.FullName, "backups"));
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        await load.ProgressAsync(300);

        var acknowledged = load.Acknowledged.ToDictionary();
        var backup = Json(await PbmAsync(cluster, "backup", "--name", "b-1", "--json"), 0);
        await load.ProgressAsync(100);
        await load.StopAndCheckAsync();
        Assert.Equal(2, (await PbmAsync(cluster, "backup", "--name", "../out")).ExitCode);
        Assert.Equal(2, (await PbmAsync(cluster, "backup", "--name", "b-1")).ExitCode);

        // As the documents say: two files into an empty directory.
        var restored = Directory.CreateDirectory(Path.Combine(_directory.FullName, "restored")).FullName;
        foreach (var file in new[] { "journal.db", "cluster.db" })
        {
            File.Copy(Path.Combine((string)backup["directory"]!, file), Path.Combine(restored, file));
        }

        var check = await CheckAsync(["--store-path", restored]);
        Assert.Equal(backup["heads"]!.ToJsonString(), check["heads"]!.ToJsonString());
        Assert.Equal((long)backup["generation"]! + 1, (long)check["generation"]!);

        await using var again = await ClusterFixture.StartAsync(new GivenStore("--store", "sqlite", "--store-path", restored), 2);
        await CheckHoldsAsync(again, acknowledged, (long)backup["events"]!);
        await GoesOnAsync(again);
    }

    [Fact]
    public async Task The_printed_line_makes_a_copy_of_the_database_that_passes_the_check_and_serves()
    {
        var store = (PostgresTestStore)await stores.CreateAsync(TestStore.Postgres);
        await using var cluster = await ClusterFixture.StartAsync(store, 2);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        await load.ProgressAsync(300);

        var acknowledged = load.Acknowledged.ToDictionary();
        await using var copy = await PrivatePostgres.StartCopyAsync(directory =>
        {
            var status = Json(PbmAsync(cluster, "backup", "--to", directory, "--json").GetAwaiter().GetResult(), 0);
            Assert.Contains(status["findings"]!.AsArray(), finding => (string)finding!["code"]! == "store/no-archive");
            return (string)status["line"]!;
        });
        await load.StopAndCheckAsync();

        var connection = new NpgsqlConnectionStringBuilder(store.ConnectionString)
        {
            Port = new NpgsqlConnectionStringBuilder(copy.AdminConnectionString).Port,
        }.ConnectionString;
        var check = await CheckAsync(["--connection-string", connection]);

        await using var again = await ClusterFixture.StartAsync(new GivenStore("--store", "postgres", "--connection-string", connection), 2);
        await CheckHoldsAsync(again, acknowledged, (long)check["events"]!);
        await GoesOnAsync(again);
    }

    [Fact]
    public async Task A_store_that_a_node_runs_on_and_a_directory_without_one_are_refused()
    {
        var store = await stores.CreateAsync(TestStore.Sqlite);
        await using var cluster = await ClusterFixture.StartAsync(store, 1);

        var inUse = await RestoreAsync(["--store-path", store.Arguments[^1]]);
        var nothing = await RestoreAsync(["--store-path", _directory.FullName]);

        Assert.True(inUse.ExitCode == 2 && inUse.Error.Contains("runs on this store", StringComparison.Ordinal), inUse.ToString());
        Assert.True(nothing.ExitCode == 2 && nothing.Error.Contains("no cluster's data", StringComparison.Ordinal), nothing.ToString());
        await GoesOnAsync(cluster);
    }

    private async Task<JsonNode> CheckAsync(string[] store)
    {
        var run = await RestoreAsync(store);
        output.WriteLine(run.ToString());
        return Json(run, 0);
    }

    private static Task<ProgramRun> RestoreAsync(string[] store) =>
        ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, "restore", "--check", "--json", "--program", Repository.NodeProgram, .. store], Bound);

    /// <summary>Every event of every task up to where it was acknowledged, and no more than the check said in all.</summary>
    private static async Task CheckHoldsAsync(ClusterFixture cluster, Dictionary<string, long> acknowledged, long events)
    {
        Assert.InRange(await cluster.VerifyJournalAsync(), events, long.MaxValue);
        using var management = cluster.Management();
        await Parallel.ForEachAsync(acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (task, _) =>
        {
            var found = await management.EventsAsync("task", task.Key);
            Assert.True(found.Count >= task.Value, $"{task.Key} was acknowledged at {task.Value}, the copy has {found.Count}");
            Assert.Equal(
                Enumerable.Range(1, (int)task.Value - 1).Select(number => $"{task.Key} comment {number}"),
                found.Skip(1).Take((int)task.Value - 1).Select(happened => happened.Payload.GetProperty("text").GetString()));
        });
    }

    private static async Task GoesOnAsync(ClusterFixture cluster)
    {
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        var answer = await client.PutAsync(cluster.Gateways()[0], "/users/after", new { name = "After" });
        Assert.True(answer.IsSuccess, answer.ToString());
    }

    private static JsonNode Json(ProgramRun run, int exitCode)
    {
        Assert.True(run.ExitCode == exitCode, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }

    private static Task<ProgramRun> PbmAsync(ClusterFixture cluster, params string[] arguments) => ProgramRun.ExecuteAsync(
        "dotnet", [Repository.PbmProgram, .. arguments, "--node", cluster.Running.First().Management.Authority], Bound);
}
