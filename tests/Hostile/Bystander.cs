using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Hostile;

/// <summary>A client that minds its own business on all gateways, one write to three reads, and notes how long each answer takes.</summary>
public sealed class Bystander : IAsyncDisposable
{
    public const string IdPrefix = "calm-";

    private const int Workers = 3;

    /// <summary>A p99 of fewer would be the slowest of them.</summary>
    private const int EnoughSamples = 150;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan SampleBound = TimeSpan.FromSeconds(60);

    private readonly GatewayClient _client = new(TimeSpan.FromSeconds(30));
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private volatile Window _window = new();
    private Task _working = Task.CompletedTask;

    private Bystander(IReadOnlyList<Uri> gateways) => _gateways = gateways;

    public static async Task<Bystander> StartAsync(IReadOnlyList<Uri> gateways)
    {
        var bystander = new Bystander(gateways);
        bystander._working = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => bystander.WorkAsync(worker))));
        await bystander.WatchAsync(() => Task.CompletedTask); // the first requests compile code and open connections
        return bystander;
    }

    /// <summary>What was seen while something happened, and a little longer where that was too short to tell.</summary>
    internal async Task<Window> WatchAsync(Func<Task> during)
    {
        var window = new Window();
        _window = window;
        await during();
        await Eventually.Holds($"the bystander gets {EnoughSamples} answers", SampleBound, () =>
            window.Count >= EnoughSamples || !window.Troubles.IsEmpty ? null : $"{window.Count}");
        _window = new Window();
        return window;
    }

    /// <summary>All it was acknowledged is in the journal, and nothing more. After its end.</summary>
    public async Task CheckAsync(JournalWatch journal)
    {
        foreach (var (id, version) in _acknowledged)
        {
            Assert.Equal(version, await journal.VersionOfAsync("user", id));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _client.Dispose();
    }

    private async Task WorkAsync(int worker)
    {
        for (var number = 0L; !_stop.IsCancellationRequested; number++)
        {
            var id = $"{IdPrefix}{worker}-{number / 4 % 16}";
            var gateway = _gateways[(int)((worker + number) % _gateways.Count)];
            var window = _window;
            var clock = Stopwatch.GetTimestamp();
            try
            {
                // Register, then rename for ever: every write is one event.
                var isWrite = number % 4 == 0;
                var answer = !isWrite ? await _client.GetAsync(gateway, $"/users/{id}")
                    : _acknowledged.ContainsKey(id) ? await _client.PostAsync(gateway, $"/users/{id}/rename", new { name = $"name {number}" }, $"calm-{worker}-{number}")
                    : await _client.PutAsync(gateway, $"/users/{id}", new { name = $"name {number}" }, $"calm-{worker}-{number}");
                window.Add(Stopwatch.GetElapsedTime(clock));
                if (!answer.IsSuccess)
                {
                    window.Troubles.Enqueue($"{id} {answer}");
                }
                else if (isWrite)
                {
                    _acknowledged[id] = answer.Version!.Value;
                }

                await Task.Delay(Pause, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException)
            {
                window.Troubles.Enqueue($"{id} through {gateway}: {failed.Message} {failed.InnerException?.Message}");
            }
        }
    }
}
