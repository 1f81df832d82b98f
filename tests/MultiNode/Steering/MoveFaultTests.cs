using System.Globalization;
using System.Text.Json.Nodes;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>
/// In the middle of a hand-over, at a moment that chance chooses, a process that has to do with it is killed or stopped. The gate plays one round of
/// the four faults, the environment says how many else.
/// </summary>
[Collection(PostgresCluster.Collection)]
public sealed class MoveFaultTests(PostgresCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Liveness = TimeSpan.FromSeconds(8); // a hand-over that would not be given up lasts longer

    [Fact]
    public async Task A_move_whose_source_target_or_coordinator_is_lost_ends_with_a_word_and_no_request_fails()
    {
        var cluster = await shared.MendedAsync();
        await using var load = await SteadyLoad.StartAsync(() => cluster.Gateways(), 100, 150);
        for (var round = 0; round < Setting.Of("AKKASCALE_ROUNDS", 1); round++)
        {
            foreach (var (victim, isPaused) in new[] { ("source", false), ("target", false), ("coordinator", false), ("source", true) })
            {
                var window = load.Begin($"{victim} {(isPaused ? "stopped" : "killed")}");
                var (delay, outcome) = await PlayAsync(cluster, victim, isPaused);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{window.Name} {delay} ms after the order: {outcome}; the longest wait {window.LongestPause.Pause.TotalMilliseconds:0} ms."));
                Assert.InRange(window.LongestPause.Pause, TimeSpan.Zero, Liveness);
            }
        }

        await load.StopAndReadBackAsync();
        using var management = cluster.Management();
        await load.CheckJournalAsync(management);
        Assert.Empty(load.Failures);
        Assert.Empty(load.Violations);
        await cluster.VerifyJournalAsync();
    }

    private static async Task<(int Delay, string Outcome)> PlayAsync(ClusterFixture cluster, string victim, bool isPaused)
    {
        var coordinator = await cluster.CoordinatorAsync();
        var others = cluster.Running.Where(node => node.Name != coordinator).ToList();
        var (source, target) = (others[0], others[1]);
        using var asked = new ManagementClient((victim == "source" ? target : source).Management);
        var shard = (await asked.ShardsAsync()).Where(each => each.Region == "task" && each.Owner == source.Name && each.Target is null)
            .OrderBy(_ => Random.Shared.Next()).First();
        var lost = victim switch { "source" => source, "target" => target, _ => cluster.Node(coordinator) };

        var (_, before) = await StoryAsync(cluster, shard.Key);

        await asked.MoveAsync(shard.Region, shard.Shard, target.Name);
        var delay = Random.Shared.Next(200);
        await Task.Delay(delay);
        await LoseAsync(lost, isPaused);
        await cluster.RestartAsync(lost);
        var outcome = "";
        await Eventually.Holds($"the order about {shard.Key} has ended", Bound, async () =>
        {
            var (isOrdered, decisions) = await StoryAsync(cluster, shard.Key);
            outcome = decisions.Except(before).FirstOrDefault(each => each.Contains("arrived:", StringComparison.Ordinal) || each.Contains("gaveUp:", StringComparison.Ordinal)) ?? "";
            return !isOrdered && outcome.Length > 0 ? null : $"ordered: {isOrdered}; {string.Join("; ", decisions)}";
        });
        await cluster.WaitUntilAllOwned(Bound);
        return (delay, outcome);
    }

    /// <summary>A process that is stopped for longer than it may be silent ends by itself when it goes on.</summary>
    private static async Task LoseAsync(NodeProcess lost, bool isPaused)
    {
        if (isPaused)
        {
            lost.Pause();
            await Task.Delay(TimeSpan.FromSeconds(3));
            lost.Resume();
            await lost.WaitForExitAsync(Bound);
        }
        else
        {
            await lost.KillAsync();
        }
    }

    /// <summary>Whether it is ordered anywhere, and the latest decisions about it.</summary>
    private static async Task<(bool IsOrdered, IReadOnlyList<string> Decisions)> StoryAsync(ClusterFixture cluster, string shard)
    {
        var why = await Pbm.RunAsync(cluster, "shards", "why", shard, "--json");
        Assert.True(why.ExitCode == 0, why.ToString());
        var story = JsonNode.Parse(why.Output)!;
        return (story["order"] is not null, [.. story["decisions"]!.AsArray().Select(each => $"{each!["nr"]} {each["kind"]}: {each["reason"]}")]);
    }
}
