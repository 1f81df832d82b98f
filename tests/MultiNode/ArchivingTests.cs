using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.MultiNode;

/// <summary>A project and its tasks, on three real nodes: archived and restored together by messages.</summary>
[Collection(Stores.Collection)]
public sealed class ArchivingTests(Stores stores)
{
    private const int Tasks = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task All_tasks_of_a_project_are_archived_and_restored_with_it_also_those_created_in_a_race(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        var gateways = cluster.Gateways();
        await client.PutAsync(gateways[0], "/projects/apollo", new { name = "Apollo", owner = "ann" });
        await Parallel.ForEachAsync(Enumerable.Range(0, Tasks), async (index, _) => Assert.Equal(201, await CreateAsync(client, gateways[index % 3], $"t-{index}")));

        // Some are created while the project is being archived: refused, or created and frozen.
        var racing = Enumerable.Range(Tasks, Tasks).Select(index => CreateAsync(client, gateways[index % 3], $"t-{index}")).ToArray();
        Assert.Equal(200, (int)(await client.PostAsync(gateways[1], "/projects/apollo/archive")).Status);
        var created = (await Task.WhenAll(racing)).Select((status, index) => (status, Id: $"t-{Tasks + index}")).ToArray();
        Assert.All(created, creation => Assert.Contains(creation.status, new[] { 201, 409 }));
        var all = Enumerable.Range(0, Tasks).Select(index => $"t-{index}").Concat(created.Where(creation => creation.status == 201).Select(creation => creation.Id)).ToArray();

        await AssertAllAsync(client, gateways, all, 409);
        Assert.Equal(200, (int)(await client.GetAsync(gateways[0], $"/tasks/{all[0]}")).Status);

        // Those that were known to be archived stay so, whoever owns the shards by now.
        await cluster.Nodes[2].KillAsync();
        gateways = cluster.Gateways();
        await AssertAllAsync(client, gateways, all, 409);

        Assert.Equal(200, (int)(await client.PostAsync(gateways[0], "/projects/apollo/restore")).Status);
        await AssertAllAsync(client, gateways, all, 200);
        await cluster.VerifyJournalAsync();
    }

    private static async Task<int> CreateAsync(GatewayClient client, Uri gateway, string task) =>
        (int)(await client.PutAsync(gateway, $"/tasks/{task}", new { project = "apollo", title = task })).Status;

    private static async Task AssertAllAsync(GatewayClient client, IReadOnlyList<Uri> gateways, string[] tasks, int status)
    {
        var left = new HashSet<string>(tasks);
        await Eventually.Holds($"a comment on any of {tasks.Length} tasks is answered {status}", Patience, async () =>
        {
            foreach (var task in left.ToArray())
            {
                if ((int)(await client.PostAsync(gateways[0], $"/tasks/{task}/comment", new { text = "Go" })).Status == status)
                {
                    left.Remove(task);
                }
            }

            return left.Count == 0 ? null : $"{left.Count} are not, such as {left.First()}";
        });
    }
}
