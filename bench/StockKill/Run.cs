using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.StockKill;

/// <summary>What one kill cost: of requests that became due from then on, how long they took at most and at the 99th percentile.</summary>
internal sealed record Kill(TimeSpan Longest, TimeSpan P99, int Failed);

/// <summary>Nodes of one variant, each a process, under a steady load. One is killed, and then the one with the coordinator.</summary>
internal sealed class Run(Variant variant, int nodes, double rate) : IAsyncDisposable
{
    private const int Ids = 400;

    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Within which stock is to have recovered.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>For how long nothing waits until a kill counts as over.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly List<(Process Process, Uri Address)> _nodes = [];
    private readonly ConcurrentDictionary<long, byte> _underWay = new();
    private readonly HttpClient _client = new() { Timeout = Attempt };
    private readonly CancellationTokenSource _stop = new();
    private ConcurrentQueue<TimeSpan> _took = new();
    private int _failed;
    private Task _load = Task.CompletedTask;

    public async Task StartAsync(PrivatePostgres server)
    {
        var connection = await server.CreateDatabaseAsync();
        var seed = FreePorts.Take();
        for (var number = 0; number < nodes; number++)
        {
            var settings = new NodeSettings(variant, connection, number == 0 ? seed : FreePorts.Take(), FreePorts.Take(), seed);
            var start = new ProcessStartInfo("dotnet", [typeof(Run).Assembly.Location, "node", JsonSerializer.Serialize(settings)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            var address = new Uri($"http://127.0.0.1:{settings.HttpPort}");
            _nodes.Add((process, address));

            // One after the other: the first is the oldest, which has the coordinator, and makes stock's tables.
            var up = $"{number + 1}";
            await Eventually.Holds($"{up} nodes are up", StartBound, async () => await _client.GetStringAsync(new Uri(address, "/up")) is var seen && seen == up ? null : seen);
        }

        _load = Task.Run(LoadAsync);
        await Task.Delay(Calm);
        await CalmAsync();
    }

    public async Task<Kill> KillAsync(bool coordinator)
    {
        _took = new ConcurrentQueue<TimeSpan>();
        var failed = _failed;
        var (process, _) = coordinator ? _nodes[0] : _nodes[^1];
        process.Kill();
        await Task.Delay(Calm);
        await CalmAsync();
        var sorted = _took.Order().ToList();
        _nodes.RemoveAll(node => node.Process.HasExited);
        return new Kill(sorted[^1], sorted[(int)(sorted.Count * 0.99)], _failed - failed);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _load;
        foreach (var (process, _) in _nodes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Returns when no request has been under way for longer than a second, for a while.</summary>
    private async Task CalmAsync()
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < Calm; await Task.Delay(Pause))
        {
            if (_underWay.Keys.Any(due => Stopwatch.GetElapsedTime(due) > TimeSpan.FromSeconds(1)))
            {
                since = Stopwatch.GetTimestamp();
            }
        }
    }

    private async Task LoadAsync()
    {
        var (start, random) = (Stopwatch.GetTimestamp(), new Random(1));
        for (var number = 1L; !_stop.IsCancellationRequested; number++)
        {
            var due = start + (long)(number / rate * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var wait && wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            var (id, took) = ($"c{random.Next(Ids)}", _took);
            _ = Task.Run(() => RequestAsync(id, due, took));
        }
    }

    private async Task RequestAsync(string id, long due, ConcurrentQueue<TimeSpan> took)
    {
        _underWay.TryAdd(due, 0);
        for (var attempt = 0; Stopwatch.GetElapsedTime(due) < Deadline && !_stop.IsCancellationRequested; attempt++)
        {
            var nodes = _nodes.ToArray();
            try
            {
                using var answer = await _client.PostAsync(new Uri(nodes[(int)((due + attempt) % nodes.Length)].Address, id), null, _stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    took.Enqueue(Stopwatch.GetElapsedTime(due));
                    _underWay.TryRemove(due, out _);
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                // Another node is asked.
            }

            await Task.Delay(Pause);
        }

        _underWay.TryRemove(due, out _);
        Interlocked.Increment(ref _failed);
    }
}
