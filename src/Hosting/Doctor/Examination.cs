using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Gathers what the rules judge by: a reading of the store, its settings, its latency, and every member's report.</summary>
internal sealed class Examination(ClusterInspection inspection, AkkaScaleOptions options, TimeProvider time)
{
    private const int Samples = 9;
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(1);

    /// <exception cref="StoreUnavailableException">The store does not answer, or this node is no member now.</exception>
    public async Task<Diagnosis> DiagnoseAsync(CancellationToken cancellationToken) => Diagnosis.Make(await GatherAsync(cancellationToken));

    /// <inheritdoc cref="DiagnoseAsync"/>
    public async Task<DoctorFacts> GatherAsync(CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var latency = await MeasureAsync(session, cancellationToken);
        var live = reading.Members.Where(member => member.IsLive).OrderBy(member => member.NodeName, StringComparer.Ordinal).ToArray();
        var nodes = await Task.WhenAll(live.Select(member => AskAsync(session, member, live, cancellationToken)));
        return new DoctorFacts(time.GetUtcNow(), session.Self.NodeName, options, reading, nodes, await InspectAsync(session, cancellationToken), latency);
    }

    private static async Task<StoreFacts?> InspectAsync(NodeSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Store.Care.InspectAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task<StoreLatency> MeasureAsync(NodeSession session, CancellationToken cancellationToken)
    {
        // The first may open a connection, which is not what is measured. A whole reading is what every step of a takeover waits for.
        await session.Store.Cluster.ReadAsync(cancellationToken);
        var samples = new List<TimeSpan>();
        for (var sample = 0; sample < Samples; sample++)
        {
            var began = time.GetTimestamp();
            await session.Store.Cluster.ReadAsync(cancellationToken);
            samples.Add(time.GetElapsedTime(began));
        }

        samples.Sort();
        return new StoreLatency(samples[Samples / 2], samples[^1]);
    }

    private async Task<NodeFacts> AskAsync(NodeSession session, MemberSnapshot member, MemberSnapshot[] live, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var sentAt = time.GetUtcNow();
        var report = await NodeReports.AskAsync(session, member, ReportTimeout, cancellationToken);
        var middle = sentAt + (time.GetElapsedTime(sent) / 2);
        return new NodeFacts(
            member.Incarnation, member.NodeName, member.Version, member.Status, member.Roles, report is not null,
            report?.Clock is { } clock ? clock.Utc - middle : null, report?.Clock?.Steps, report?.Settings, PressureOf(report),
            [.. live.Where(observer => ClusterInspection.DoesNotReach(session, observer, member)).Select(observer => observer.NodeName)]);
    }

    private static Pressure? PressureOf(NodeReport? report) => report?.Pressure is { } pressure
        ? new Pressure(
            pressure.RouterWaiting, pressure.RouterBound, pressure.Residents, pressure.ResidentBound, pressure.RecoveriesWaiting, pressure.RecoveryLimit,
            report.Process?.OpenFiles, report.Process?.FileLimit)
        : null;
}
