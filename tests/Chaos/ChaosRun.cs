using System.Globalization;
using AkkaScale.Tests.Chaos.Load;
using AkkaScale.Tests.Chaos.Nemeses;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos;

/// <summary>One run: a cluster, clients, one nemesis after another, and at the end the whole journal and the verdict.</summary>
internal sealed class ChaosRun(ChaosOptions options, Terminal terminal)
{
    private const int ClientHosts = 2;

    private static readonly TimeSpan ClientDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Between two nemeses: what is still under way belongs to the one before.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly List<string> _failures = [];
    private readonly Dictionary<string, string> _skipped = [];
    private IReadOnlyDictionary<string, int> _done = new Dictionary<string, int>();
    private RunClock _clock = new();

    /// <param name="stop">Ends the run early; what was seen is judged.</param>
    public async Task<ChaosResult> ExecuteAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Report)!);
        var historyPath = Path.ChangeExtension(options.Report, ".jsonl");
        terminal.Tell($"seed {options.Seed}: {options.Nodes} nodes and a gateway on {options.Store} …");
        await using (var file = new FileStream(historyPath, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16))
        using (var history = new HistoryWriter(file))
        {
            await RunAsync(history, stop);
            history.WriteEnd(_clock.Now);
        }

        return await JudgeAsync(historyPath);
    }

    private async Task RunAsync(HistoryWriter history, CancellationToken stop)
    {
        await using var cluster = await ChaosCluster.StartAsync(options.Store, options.Nodes, ClientHosts);
        _clock = new RunClock();
        history.Write(new RunInfo(
            options.Seed, options.Store, options.Nodes, options.Entities, options.Clients, DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture)));
        var settings = new LoadSettings(options.Entities, options.Clients, options.Think, ClientDeadline, () => cluster.Gateways);
        await using var fleet = new ClientFleet(cluster.ClientHosts, options.Seed, settings, history, _clock);
        await fleet.StartAsync();
        await using var sampler = new Sampler(cluster, history, _clock, () => terminal.Status(
            $"{TimeSpan.FromMicroseconds(_clock.Now):hh\\:mm\\:ss} of {options.Duration:hh\\:mm\\:ss}: {fleet.Counters.Answered} operations answered, {fleet.Counters.Unanswered} not, {fleet.Counters.Attempts} attempts repeated"));
        await StrikeOnAsync(cluster, fleet, history, stop);

        terminal.Tell("the load ends; every entity is asked …");
        await fleet.StopAsync();
        if (await fleet.ReadAllAsync() is { Count: > 0 } silent)
        {
            _failures.Add($"{silent.Count} entities did not answer after everything was healed, such as {silent[0]} ({cluster.Logs})");
        }

        _failures.AddRange(fleet.Counters.Malformed);
        await sampler.DisposeAsync();
        var rows = await JournalDump.WriteAsync(cluster, history);
        terminal.Tell($"{fleet.Counters.Answered} operations answered, {fleet.Counters.Unanswered} not; {rows} rows in the journal");
    }

    private async Task StrikeOnAsync(ChaosCluster cluster, ClientFleet fleet, HistoryWriter history, CancellationToken stop)
    {
        var random = new Random(options.Seed);
        var chosen = Choose(cluster);
        var assault = new Assault(cluster, history, _clock, random, terminal.Tell, stop);
        var end = _clock.Now + (long)options.Duration.TotalMicroseconds;
        bool IsOver() => stop.IsCancellationRequested || (!options.OnceEach && _clock.Now > end);
        do
        {
            random.Shuffle(chosen);
            foreach (var nemesis in chosen.TakeWhile(_ => !IsOver()))
            {
                await assault.DoAsync(nemesis);
                terminal.Tell($"{TimeSpan.FromMicroseconds(_clock.Now):hh\\:mm\\:ss} {fleet.Counters.Answered} operations answered, {fleet.Counters.Unanswered} not");
                await PauseAsync(stop);
            }
        }
        while (!options.OnceEach && chosen.Length > 0 && !IsOver());

        _failures.AddRange(assault.Failures);
        _done = assault.Done;
    }

    private static async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Settling, stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Nemesis[] Choose(ChaosCluster cluster)
    {
        var wanted = options.Nemeses.Count == 0 ? NemesisList.All : [.. options.Nemeses.SelectMany(NemesisList.Named).Distinct()];
        foreach (var nemesis in wanted)
        {
            if (NemesisList.WhyNot(nemesis, cluster) is { } reason)
            {
                _skipped[nemesis.Name] = reason;
                terminal.Tell($"skipped: {nemesis.Name}: {reason}");
            }
        }

        return [.. wanted.Where(nemesis => !_skipped.ContainsKey(nemesis.Name))];
    }

    private async Task<ChaosResult> JudgeAsync(string historyPath)
    {
        await using var file = File.OpenRead(historyPath);
        var history = History.Read(file);
        var judgement = Judge.Of(history, new TaskFold(), new JudgeOptions { RecoveryBound = Strike.CrashBound });
        await using (var page = new StreamWriter(options.Report))
        {
            HtmlReport.Write(page, history, judgement);
        }

        return new ChaosResult(options.Seed, judgement, [.. _failures], _skipped, _done, options.Report, historyPath);
    }
}
