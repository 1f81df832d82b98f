using AkkaScale.Journal.Figures;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding;

namespace AkkaScale.Management.Figures;

/// <summary>Figures of this process over the last ten seconds, sampled each second.</summary>
internal sealed class NodeFigures : IDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly long[] None = new long[LatencyBuckets.Count];

    private readonly INodeState _node;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly FigureHistory _history = new(Length);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;

    public NodeFigures(INodeState node, TimeProvider time)
    {
        _node = node;
        _time = time;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Period);
    }

    public TimeSpan Uptime => _time.GetElapsedTime(_started);

    public TrafficReport Traffic() => Window().Traffic();

    public AppendReport Appends() => Window().Appends();

    public PressureReport Pressure(EntitySharding sharding)
    {
        var journal = sharding.FindWritten();
        return new PressureReport(
            sharding.AsksUnderWay, sharding.Options.MaxAsks, sharding.Residents.Count, sharding.Options.MaxResidentEntities,
            journal?.Figures.Waiting ?? 0, journal?.WaitingBound ?? 1);
    }

    public ProcessReport Process()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var window = Window();
        return new ProcessReport(
            self.WorkingSet64, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, GC.GetTotalMemory(forceFullCollection: false), window.Processors(),
            window.PauseShare(), self.Threads.Count, OpenFiles.Count(), OpenFiles.Limit());
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
        var sharding = _node.Running is { } system ? EntitySharding.Of(system) : null;
        var (asks, appends) = (sharding?.Metrics, sharding?.FindWritten()?.Metrics);
        lock (_lock)
        {
            _history.Add(new FigureSample(
                _time.GetElapsedTime(_started), asks?.Asks.Read() ?? None, asks?.FailedAsks ?? 0, asks?.Messages ?? 0,
                appends?.Appends.Read() ?? None, appends?.AppendedRows ?? 0, appends?.FailedSlices ?? 0, Environment.CpuUsage.TotalTime,
                GC.GetTotalPauseDuration()));
        }
    }
}
