using System.Globalization;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos;

/// <summary>Notes each second what every node looks like: shards from whoever answers, memory from the machine.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ChaosCluster _cluster;
    private readonly HistoryWriter _history;
    private readonly RunClock _clock;
    private readonly Action _tick;
    private readonly Task _running;
    private bool _isDisposed;

    /// <param name="tick">Called each second too.</param>
    public Sampler(ChaosCluster cluster, HistoryWriter history, RunClock clock, Action tick)
    {
        (_cluster, _history, _clock, _tick) = (cluster, history, clock, tick);
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _tick();
                var owned = await OwnedAsync();
                foreach (var node in _cluster.All)
                {
                    var memory = MemoryOf(node);
                    _history.Write(new NodeSample(_clock.Now, node.Name, memory > 0, owned.GetValueOrDefault(node.Name), 0, memory));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<Dictionary<string, int>> OwnedAsync()
    {
        try
        {
            return (await _cluster.ShardsAsync()).CountBy(shard => shard.Owner ?? "").ToDictionary();
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    /// <returns>Resident bytes; 0 for a process that has ended.</returns>
    private static long MemoryOf(NodeProcess node)
    {
        try
        {
            return node.HasExited
                ? 0
                : long.Parse(File.ReadAllText($"/proc/{node.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
