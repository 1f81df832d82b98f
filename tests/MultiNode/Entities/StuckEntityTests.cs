using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>An entity that does not let go of a message, or throws at each: the others go on, and what it keeps from moving is told by its name.</summary>
public sealed class StuckEntityTests(StuckCluster shared, ITestOutputHelper output) : IClassFixture<StuckCluster>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10); // liveness

    /// <summary>For so long at least the entity spins; the test is in no hurry anyhow.</summary>
    private static TimeSpan Spin { get; } = TimeSpan.FromSeconds(Setting.Of("AKKASCALE_SPIN_SECONDS", 0));

    [Fact]
    public async Task An_entity_that_spins_keeps_its_shard_by_name_and_one_that_throws_keeps_nothing()
    {
        var cluster = await shared.BalancedAsync();
        using var management = cluster.Management();
        await using var others = new Bystanders(cluster);
        var place = await management.WhereAsync("sticky", "stuck");
        await Eventually.Holds("the others are served", Bound, () => others.AreServed ? null : others.ToString());

        var spun = PokeAsync(cluster, "stuck", "?spins=true");
        var spins = Task.Delay(Spin);
        await DoctorSaysAsync(cluster, isStuck: true);
        var (shard, owner) = ($"sticky/{place.Shard}", place.Owner!);
        var target = cluster.Nodes.First(node => node.Name != owner).Name;
        var moved = await Pbm.RunAsync(cluster, "shards", "move", shard, target, "--wait", "--timeout", "5");
        Assert.True(moved.ExitCode == 1, moved.ToString());
        Assert.Contains("the order is over: ", moved.Error, StringComparison.Ordinal);
        Assert.Contains("it is given up: sticky/stuck has been at one message", moved.Error, StringComparison.Ordinal);
        var drained = await Pbm.RunAsync(cluster, "node", "drain", owner, "--wait", "--timeout", "3");
        Assert.True(drained.ExitCode == 1 && drained.Error.Contains("sticky/stuck has been at one message", StringComparison.Ordinal), drained.ToString());
        Assert.Contains($"{owner} still has 1 shard", drained.Output, StringComparison.Ordinal);
        var passivated = Stopwatch.StartNew();
        Assert.Equal(3, (await Pbm.RunAsync(cluster, "entity", "passivate", "sticky/stuck")).ExitCode);
        Assert.InRange(passivated.Elapsed, TimeSpan.Zero, Silence);
        await spins;

        // It lets go, and all that was wanted is done.
        await ReleaseAsync(cluster);
        output.WriteLine($"The one that spun: {await spun}.");
        await DoctorSaysAsync(cluster, isStuck: false);
        await IsOffAsync(cluster, shard, owner);
        Assert.Equal(0, (await Pbm.RunAsync(cluster, "node", "uncordon", owner)).ExitCode);
        Assert.StartsWith("Accepted", await PokeAsync(cluster, "stuck"), StringComparison.Ordinal);

        // One that throws lets go each time.
        using var throwing = new CancellationTokenSource();
        var thrown = ThrowAsync(cluster, throwing.Token);
        var home = await management.WhereAsync("sticky", "thrower");
        var away = cluster.Nodes.First(node => node.Name != home.Owner).Name;
        var thrower = await Pbm.RunAsync(cluster, "shards", "move", $"sticky/{home.Shard}", away, "--wait");
        Assert.True(thrower.ExitCode == 0, thrower.ToString());
        await throwing.CancelAsync();
        Assert.True(await thrown > 0);
        Assert.StartsWith("Accepted", await PokeAsync(cluster, "thrower"), StringComparison.Ordinal);

        await others.StopAsync();
        output.WriteLine(others.ToString());
        Assert.Empty(others.Faults);
        Assert.InRange(others.LongestSilence, TimeSpan.Zero, Silence);
        Assert.All(cluster.Nodes, node => Assert.False(node.HasExited));
        await cluster.VerifyJournalAsync();
    }

    /// <summary>Nobody can know beforehand: the hand-over has begun, and does not end before the entity lets go. The order does.</summary>
    [Fact]
    public async Task A_hand_over_that_an_entity_does_not_let_end_is_given_up_by_its_name_and_the_shard_serves_again()
    {
        var cluster = await shared.BalancedAsync();
        using var management = cluster.Management();
        Assert.StartsWith("Accepted", await PokeAsync(cluster, "stuck"), StringComparison.Ordinal);
        var place = await management.WhereAsync("sticky", "stuck");
        var target = cluster.Nodes.First(node => node.Name != place.Owner).Name;

        var spun = PokeAsync(cluster, "stuck", "?spins=true");
        await management.MoveAsync("sticky", place.Shard, target);
        var why = "";
        await Eventually.Holds("the order is over", Bound, async () =>
            (why = (await Pbm.RunAsync(cluster, "shards", "why", $"sticky/{place.Shard}", "--json")).Output)
                .Contains("it is given up: sticky/stuck has been at one message", StringComparison.Ordinal) ? null : why);
        Assert.Contains("\"kind\": \"move\"", why, StringComparison.Ordinal); // it had begun
        await ReleaseAsync(cluster);
        output.WriteLine($"The one that spun: {await spun}.");
        var answer = "";
        await Eventually.Holds("it serves again", Bound, async () =>
            (answer = await PokeAsync(cluster, "stuck")).StartsWith("Accepted", StringComparison.Ordinal) ? null : answer);
        Assert.All(cluster.Nodes, node => Assert.False(node.HasExited));
        await cluster.VerifyJournalAsync();
    }

    private static async Task<string> PokeAsync(ClusterFixture cluster, string id, string how = "")
    {
        using var http = new HttpClient { Timeout = Bound };
        using var answer = await http.PostAsync(new Uri(cluster.Gateways()[0], $"/sticky/{id}{how}"), null);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task ReleaseAsync(ClusterFixture cluster)
    {
        using var http = new HttpClient();
        foreach (var gateway in cluster.Gateways())
        {
            using var answer = await http.PostAsync(new Uri(gateway, "/release"), null);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<int> ThrowAsync(ClusterFixture cluster, CancellationToken stop)
    {
        var thrown = 0;
        while (!stop.IsCancellationRequested)
        {
            Assert.DoesNotContain("Accepted", await PokeAsync(cluster, "thrower", "?throws=true"), StringComparison.Ordinal);
            thrown++;
        }

        return thrown;
    }

    private static Task DoctorSaysAsync(ClusterFixture cluster, bool isStuck) => Eventually.Holds($"the doctor knows it: {isStuck}", Bound, async () =>
    {
        var said = await Pbm.RunAsync(cluster, "doctor", "--json");
        return said.Output.Contains("entities/stuck", StringComparison.Ordinal) == isStuck
            && (!isStuck || said.Output.Contains("sticky/stuck has been at one message", StringComparison.Ordinal)) ? null : said.ToString();
    });

    private static Task IsOffAsync(ClusterFixture cluster, string key, string node) => Eventually.Holds($"{key} has left {node}", Bound, async () =>
    {
        using var management = cluster.Management();
        var shard = (await management.ShardsAsync()).First(shard => shard.Key == key);
        return shard.Owner != node && shard.Target is null ? null : shard.ToString();
    });

    /// <summary>One entity after the other is poked, of every shard, the stuck one's too.</summary>
    private sealed class Bystanders : IAsyncDisposable
    {
        private const int Count = 48;

        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;
        private readonly ConcurrentDictionary<string, int> _acknowledged = new(StringComparer.Ordinal);
        private TimeSpan _longest;

        public Bystanders(ClusterFixture cluster) => _run = Task.WhenAll(
            Enumerable.Range(0, Count).Select(number => PokeOneAsync(cluster, string.Create(CultureInfo.InvariantCulture, $"other-{number}"))));

        public ConcurrentQueue<string> Faults { get; } = new();

        public TimeSpan LongestSilence => _longest;

        public bool AreServed => _acknowledged.Count == Count;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _run;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{_acknowledged.Values.Sum()} pokes of {_acknowledged.Count} others, the longest {_longest.TotalMilliseconds:0} ms; {string.Join(", ", Faults)}");

        private async Task PokeOneAsync(ClusterFixture cluster, string id)
        {
            while (!_stop.IsCancellationRequested)
            {
                var begun = Stopwatch.GetTimestamp();
                var answer = await PokeAsync(cluster, id);
                var took = Stopwatch.GetElapsedTime(begun);
                lock (_acknowledged)
                {
                    _longest = took > _longest ? took : _longest;
                }

                var version = _acknowledged.GetValueOrDefault(id) + 1;
                if (answer != string.Create(CultureInfo.InvariantCulture, $"Accepted {version}"))
                {
                    Faults.Enqueue($"{id}: {answer} instead of {version}");
                    return;
                }

                _acknowledged[id] = version;
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
