using AkkaScale.Hosting.Connections;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.Figures;

/// <summary>Figures of this process over the last ten seconds, sampled each second.</summary>
internal sealed class NodeFigures : IDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly EntityRouter _router;
    private readonly ShardingMetrics _metrics;
    private readonly ShardingOptions _options;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly FigureHistory _history = new(Length);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private volatile Func<long>? _messages;

    public NodeFigures(EntityRouter router, ShardingMetrics metrics, AkkaScaleOptions options, TimeProvider time)
    {
        _router = router;
        _metrics = metrics;
        _options = options.Sharding;
        _time = time;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Period);
    }

    /// <summary>Messages delivered to shards since the session began; the region of the running session answers.</summary>
    public void ObserveMessages(Func<long> messages) => _messages = messages;

    public TrafficReport Traffic() => Window().Traffic();

    public AppendReport Appends() => Window().Appends();

    public PressureReport Pressure(long residents)
    {
        var recovery = _metrics.Recovery;
        return new PressureReport(
            _router.Waiting, _options.RouterBuffer, residents, _options.MaxResidentEntities, recovery.Waiting, recovery.Limit);
    }

    public ProcessReport Process()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var window = Window();
        return new ProcessReport(
            self.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), window.Processors(), window.PauseShare(),
            self.Threads.Count, OpenFiles.Count(), OpenFiles.Limit());
    }

    public void Dispose() => _timer.Dispose();

    private FigureWindow Window()
    {
        lock (_lock)
        {
            return _history.Window();
        }
    }

    private void Sample()
    {
        var counts = _metrics.Counts;
        lock (_lock)
        {
            _history.Add(new FigureSample(
                _time.GetElapsedTime(_started), counts.Asks.Read(), counts.FailedAsks, _messages?.Invoke() ?? 0, counts.Appends.Read(),
                counts.AppendedEvents, counts.FailedSlices, Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration()));
        }
    }
}
