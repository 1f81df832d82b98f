using System.Net;
using System.Text.Json;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>A backup that pbm made of a store in use, put in the place of a store.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akkascale-backup-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_cluster_starts_on_a_backup_with_what_was_written_before_it_and_nothing_that_came_after()
    {
        var backup = Path.Combine(_folder.FullName, "monday.db");
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        await using (var nodes = new SmallCluster())
        {
            var node = await nodes.StartAsync("node-1");
            await SmallCluster.FillAsync(client, node.Gateway, tasks: 3);

            Assert.Equal(0, await PbmAsync(node, "backup", backup));
            Assert.Equal(2, await PbmAsync(node, "backup", backup));
            await SmallCluster.FillAsync(client, node.Gateway, tasks: 4);
            Assert.Equal(0, await PbmAsync(node, "restore", "--check", backup));
            await using (var damaged = new FileStream(backup + ".damaged", FileMode.Create))
            {
                await damaged.WriteAsync((await File.ReadAllBytesAsync(backup)).AsMemory(0, 40_000));
            }

            Assert.Equal(1, await PbmAsync(node, "restore", "--check", backup + ".damaged"));
            Assert.Equal(["monday.db", "monday.db.damaged", "monday.db.members"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        }

        await using var store = new SqliteTestStore();
        File.Copy(backup, store.File);
        File.Copy(backup + ".members", store.File + ".members");
        await using var restored = NodeProcess.Start(new NodeSettings
        {
            Name = "node-1",
            Roles = "entity,gateway",
            Store = store,
            Arguments = ["--shards", "8"],
        });
        await restored.WaitUntilReady(SmallCluster.Bound);

        await SmallCluster.AnswersAsync(client, restored.Gateway, tasks: 3);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(restored.Gateway, "/tasks/t-4")).Status);
        await SmallCluster.FillAsync(client, restored.Gateway, tasks: 5);
        Assert.Equal(0, await PbmAsync(restored, "journal", "verify"));

        // The audit log came along.
        using var http = new HttpClient { BaseAddress = restored.Management };
        Assert.Contains("store/backup", await http.GetStringAsync("/audit"), StringComparison.Ordinal);
    }

    private static async Task<int> PbmAsync(NodeProcess node, params string[] arguments)
    {
        var run = await ProgramRun.ExecuteAsync(
            "dotnet", [Repository.PbmProgram, .. arguments, "--node", node.Management.Authority], TimeSpan.FromSeconds(60));
        return run.ExitCode;
    }
}
