using System.Diagnostics;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Checking;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Cluster.Processes;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;
using Xunit.Sdk;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>The nodes of one story over one database, with a client that sends all the while and a look at every lease.</summary>
internal sealed class ProbeCluster : IAsyncDisposable
{
    public static readonly TimeSpan AnswersAgain = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The exit code of a process that SIGKILL ended: the product's last resort against itself, and with SQLite whoever takes the leases of
    /// a dead incarnation kills what may be left of its process.
    /// </summary>
    public const NodeEnd Killed = (NodeEnd)137;

    private const int LinesOfALog = 12;

    private static readonly TimeSpan Starts = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    private readonly string _logs;
    private readonly List<IProbeNode> _all = [];
    private readonly List<IProbeNode> _serving = [];
    private readonly LeaseWatch _watch;
    private ProbeClient? _client;

    private ProbeCluster(ProbeDatabase database, string story)
    {
        (Database, _logs, _watch) = (database, LogFile.DirectoryOf(story), new LeaseWatch(database));
        foreach (var old in Directory.GetFiles(_logs))
        {
            File.Delete(old);
        }
    }

    public ProbeDatabase Database { get; }

    /// <summary>What a new node's settings are made from.</summary>
    public Func<ProbeNodeSettings, ProbeNodeSettings> Settings { get; init; } = each => each;

    public ProbeClient Client => _client ?? throw new InvalidOperationException("There is no traffic.");

    /// <summary>Plays a story. When it fails, its message ends with the nodes' last lines; the whole logs stay in .run/test-logs.</summary>
    public static async Task PlayAsync(
        ProbeDatabase database, string story, Func<ProbeCluster, Task> play, Func<ProbeNodeSettings, ProbeNodeSettings>? settings = null)
    {
        await using var cluster = new ProbeCluster(database, story) { Settings = settings ?? (each => each) };
        try
        {
            await play(cluster);
        }
        catch (Exception error)
        {
            throw new XunitException(await cluster.DescribeAsync(error.Message), error);
        }
    }

    /// <summary>A node in this process.</summary>
    public async Task<ProbeNode> StartHereAsync(string name, PostgresRelay? relay = null)
    {
        var node = await ProbeNode.StartAsync(SettingsOf(name, relay), Log(name));
        Add(node);
        return node;
    }

    /// <summary>A node in this process that shows and trusts these certificates.</summary>
    public async Task<ProbeNode> StartHereAsync(string name, ClusterTlsOptions tls)
    {
        var node = await ProbeNode.StartAsync(SettingsOf(name, null) with { Tls = tls }, Log(name));
        Add(node);
        return node;
    }

    public async Task<IReadOnlyList<ProbeNode>> StartHereAsync(int count) =>
        [.. await Task.WhenAll(Enumerable.Range(0, count).Select(number => StartHereAsync(NameOf(number))))];

    /// <summary>A process. It is under way when this returns.</summary>
    public NodeProcess StartProcess(string name, Func<ProbeNodeSettings, ProbeNodeSettings>? change = null) =>
        StartProcess((change ?? (each => each))(SettingsOf(name, null)));

    public NodeProcess StartProcess(ProbeNodeSettings settings)
    {
        var node = NodeProcess.Start(settings, Log(settings.Name));
        Add(node);
        return node;
    }

    public List<NodeProcess> StartProcesses(int count) =>
        [.. Enumerable.Range(0, count).Select(number => StartProcess(NameOf(number)))];

    /// <summary>Another start of a node that has ended, under its name and addresses.</summary>
    public NodeProcess StartAgain(NodeProcess ended) => StartProcess(ended.Settings);

    /// <summary>Just these are one cluster: each of them is up and sees no others.</summary>
    public async Task AreOneClusterAsync(IReadOnlyCollection<IProbeNode> nodes, string when)
    {
        var waited = Stopwatch.GetTimestamp();
        var reports = new Dictionary<string, NodeReport?>();
        while (true)
        {
            reports.Clear();
            foreach (var node in nodes)
            {
                reports[node.Name] = await node.ReportAsync(Answer);
            }

            if (reports.Values.All(each => each?.SeesAllUp(nodes.Count) == true))
            {
                return;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(waited) < Starts,
                $"{when}: these did not become one cluster within {Starts}: {string.Join("; ", reports.Select(Describe))}.");
            await Task.Delay(100);
        }
    }

    public async Task<string> IncarnationAsync(IProbeNode node)
    {
        var report = await node.ReportAsync(Answer);
        return report?.Incarnation ?? throw new XunitException($"{node.Name} does not say which incarnation it is.");
    }

    /// <summary>Commands to all shards from now on, through every node that has not ended; returns when every shard has answered.</summary>
    public async Task BeginTrafficAsync()
    {
        _client = new ProbeClient(new ProbeShards(_all[0].Settings.Shards), () =>
        {
            lock (_serving)
            {
                return [.. _serving.Where(each => !each.Ended.IsCompleted)];
            }
        });
        await _client.EveryShardAnswersAsync(Starts, "at the start");
    }

    /// <summary>Each of these has as many shards as the others, or one less.</summary>
    public Task ShardsAreSharedOutAsync(IReadOnlyCollection<IProbeNode> nodes) => Until.TrueAsync(
        async () =>
        {
            var held = (await Database.LeasesAsync()).Where(each => each.Owner is not null).CountBy(each => each.Owner!).ToList();
            return held.Count == nodes.Count
                && held.Sum(each => each.Value) == _all[0].Settings.Shards
                && held.Max(each => each.Value) - held.Min(each => each.Value) <= 1;
        },
        $"the shards are shared out among {nodes.Count}");

    /// <summary>No more commands by way of this node, which is about to be ended on purpose.</summary>
    public void Spare(IProbeNode node)
    {
        lock (_serving)
        {
            _serving.Remove(node);
        }
    }

    /// <summary>It ended by itself, in one of these ways.</summary>
    public async Task<NodeEnding> EndsAsync(IProbeNode node, TimeSpan within, params NodeEnd[] ends)
    {
        try
        {
            var ending = await node.Ended.WaitAsync(within);
            Assert.True(
                ends.Contains((NodeEnd)ending.Code), $"{node.Name} ended with {ending.Code} ({ending.Reason}), not {string.Join(" or ", ends)}.");
            return ending;
        }
        catch (TimeoutException)
        {
            throw new XunitException($"{node.Name} did not end within {within}.");
        }
    }

    /// <summary>The row of an incarnation gets into one of these states.</summary>
    public Task BecomesAsync(string incarnation, TimeSpan within, params string[] states) => Until.TrueAsync(
        async () => (await Database.NodesAsync()).Any(each => each.Incarnation == incarnation && states.Contains(each.State)),
        $"{incarnation} becomes {string.Join(" or ", states)}", within);

    /// <summary>These went, with a reason; whoever else was there is live, or has left.</summary>
    public async Task OnlyTheseWentAsync(params string[] incarnations)
    {
        var gone = (await Database.NodesAsync()).Where(each => each.WasSentAwayOrDied).ToList();
        Assert.True(
            gone.Select(each => each.Incarnation).Order().SequenceEqual(incarnations.Order()) && gone.All(each => each.Reason is { Length: > 0 }),
            $"Who went: {string.Join("; ", gone)}. Expected: {string.Join(", ", incarnations)}, each with a reason.");
    }

    /// <summary>The end of every story: each shard runs where its lease is, and the journal has what was acknowledged.</summary>
    public async Task IsSoundAsync(IReadOnlyList<IProbeNode> nodes, TimeSpan? within = null)
    {
        await Client.EveryShardAnswersAsync(AnswersAgain, "at the end");
        await Client.StopAsync(AnswersAgain);
        await LeaseCheck.AssertSettledAsync(Database, nodes, within ?? AnswersAgain);
        await _watch.AssertSoundAsync();
        await JournalCheck.AssertSoundAsync(Database, Client);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _watch.DisposeAsync();
        await Task.WhenAll(_all.Select(node => node.DisposeAsync().AsTask()));
        await Database.DisposeAsync();
    }

    private static string NameOf(int number) => $"n{number + 1}";

    private static string Describe(KeyValuePair<string, NodeReport?> each) => each.Value is { } report
        ? $"{each.Key} is {report.Status} and sees [{string.Join(' ', report.Members.Select(member => $"{member.Address[^5..]}={member.Status}{(member.IsReachable ? "" : "!")}"))}]"
        : $"{each.Key} does not report";

    private ProbeNodeSettings SettingsOf(string name, PostgresRelay? relay) =>
        Settings(new ProbeNodeSettings(name, Database.Store, relay?.ConnectionString ?? Database.ConnectionString));

    private LogFile Log(string name) => new(Path.Combine(_logs, $"{name}.log"));

    private void Add(IProbeNode node)
    {
        lock (_serving)
        {
            _all.Add(node);
            _serving.Add(node);
        }
    }

    private static string Shortened(string line) => line.Length > 300 ? line[..300] : line;

    private async Task<string> DescribeAsync(string message)
    {
        var rows = "";
        try
        {
            rows = string.Join("\n  ", await Database.NodesAsync());
        }
        catch (Exception error)
        {
            rows = error.Message;
        }

        return $"{message}\nThe table node:\n  {rows}\nThe logs are in {_logs}.\n"
            + string.Join("\n", _all.Select(node => $"--- {node.Name}\n{string.Join("\n", node.Tail(LinesOfALog).Select(Shortened))}"));
    }
}
