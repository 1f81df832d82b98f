using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Tells the coordinator about once a second what the shards of this node carry.</summary>
public sealed class LoadReporter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ClusterSession _session;
    private readonly ShardRegion _region;
    private readonly AllocationFrames _frames;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public LoadReporter(ClusterSession session, ShardRegion region, AllocationFrames frames, TimeProvider time)
    {
        _session = session;
        _region = region;
        _frames = frames;
        _time = time;
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        var last = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = _time.GetTimestamp();
                Report(_time.GetElapsedTime(last, now));
                last = now;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Report(TimeSpan interval)
    {
        var shards = _region.Traffic.Take(_region.Residency());
        if (shards.IsEmpty || _session.View.Reading?.Coordinator.Holder is not { } coordinator)
        {
            return;
        }

        if (coordinator == _session.Incarnation)
        {
            _session.Report(new ClusterInput.LoadsReported(coordinator, interval, shards));
        }
        else
        {
            _frames.SendLoads(coordinator, new LoadReport(interval, shards));
        }
    }
}
