using System.Text.Json;
using AkkaScale.Hosting.Figures;
using AkkaScale.Hosting.Options;

namespace AkkaScale.Hosting.Reports;

/// <summary>Makes this node's report.</summary>
internal sealed class NodeReporting(AkkaScaleOptions options, NodeFigures figures, ClockWatch clock, StoreSection store, TimeProvider time) : INodeTopic
{
    public const string Topic = "node/report";

    private readonly long _started = time.GetTimestamp();
    private readonly IReadOnlyDictionary<string, string> _settings = SettingsSection.Of(options);

    public string Name => Topic;

    public async Task<byte[]> AnswerAsync(NodeSession session, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var report = Report(session) with
        {
            Clock = clock.Report(),
            Settings = _settings,
            Store = await store.ReportAsync(session.Store.Care, cancellationToken),
        };
        return JsonSerializer.SerializeToUtf8Bytes(report, NodeReportJson.Default.NodeReport);
    }

    private NodeReport Report(NodeSession session) => new(
        time.GetUtcNow(), time.GetElapsedTime(_started).TotalSeconds, Environment.ProcessId, session.Self.Version, session.Self.Roles,
        session.Region.ShardsRunning, session.Region.Residents, Lease(session.Cluster.View.LeaseRemaining))
    {
        Traffic = figures.Traffic(),
        Appends = figures.Appends(),
        Pressure = figures.Pressure(session.Region.Residents),
        Process = figures.Process(),
    };

    private LeaseReport Lease(TimeSpan remaining) => new(
        options.Cluster.LeaseTtl.TotalSeconds,
        remaining > TimeSpan.Zero ? Math.Max(0, (options.Cluster.ServingPeriod - remaining).TotalSeconds) : null);
}
