using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>
/// Two of three go, one shortly after the other, so that shards of the first are given to the second, which never starts them. In one round of
/// three or four the coordinator's rounds stop then; the gate plays one, the environment says how many else.
/// </summary>
[Collection(PostgresCluster.Collection)]
public sealed class TwoGoTests(PostgresCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_is_left_serves_everything()
    {
        for (var round = 0; round < Setting.Of("AKKASCALE_ROUNDS", 1); round++)
        {
            var cluster = await shared.MendedAsync();
            var (kept, second, third) = (cluster.Node("node-1"), cluster.Node("node-2"), cluster.Node("node-3"));
            using var management = new ManagementClient(kept.Management);
            await using var load = await TaskLoad.StartAsync([kept.Gateway]);
            await load.ProgressAsync(200);

            await management.OrderAsync(second.Name, "Down");
            await second.WaitForExitAsync(Bound);
            await Task.Delay(Random.Shared.Next(1_500));
            third.Pause();
            await Task.Delay(TimeSpan.FromSeconds(6));
            third.Resume();
            await third.WaitForExitAsync(Bound);

            await cluster.WaitUntilAllOwned(Bound);
            await load.ProgressAsync(500);
            await load.StopAndCheckAsync();
            output.WriteLine(load.ToString());
        }
    }
}
