using System.Data.Common;
using Akka.Cluster.Sharding;
using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Nodes;
using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Doctor;

/// <summary>Gathers what the rules judge by: the cluster's rows and gossip, the store's settings and latency, and every member's report.</summary>
internal sealed class Examination(SystemInspection inspection, IClusterFacts cluster, ManagedNodes nodes, NodeSettings self, TimeProvider time)
{
    private const int Samples = 9;
    private const int LatestRows = 10_000;
    private const int HistoryRead = 200;
    private static readonly TimeSpan DeathsKept = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(3);

    /// <exception cref="FactsUnavailableException">The store does not answer, or this node is no member now.</exception>
    public async Task<Diagnosis> DiagnoseAsync(CancellationToken cancellationToken) => Diagnosis.Make(await GatherAsync(cancellationToken));

    /// <inheritdoc cref="DiagnoseAsync"/>
    public Task<DoctorFacts> GatherAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var latency = await MeasureAsync(cancellationToken);
        var (sight, earlier) = (await inspection.ReadAsync(cancellationToken), (ClusterSight?)null);
        if (ShardRules.Orphans(sight).Any())
        {
            // In a hand-over a shard is without an owner for a moment.
            await Task.Delay(HandOver, time, cancellationToken);
            (sight, earlier) = (await inspection.ReadAsync(cancellationToken), sight);
        }

        var members = await cluster.MembersAsync(cancellationToken);
        var began = time.GetTimestamp();
        var asked = await Task.WhenAll(
            MemberShow.Shown(sight).Where(row => row.IsLive).Select(row => AskAsync(sight, members, row, cancellationToken)));
        var seen = await LookAgainAsync(sight, asked, began, cancellationToken);
        var (store, unfenced) = await InspectAsync(cancellationToken);
        return new DoctorFacts(
            time.GetUtcNow(), self, inspection.Membership().Options, inspection.Sharding().Options, sight, seen, store, latency, unfenced)
        {
            HasFencedJournal = inspection.Sharding().FindWritten() is not null,
            UnmappedRegions = [.. Unmapped().Order(StringComparer.Ordinal)],
            Deaths = await DeathsAsync(cancellationToken),
            Earlier = earlier,
        };
    });

    /// <summary>
    /// Who was silent may have died: a second reading of the rows tells, once they must have been renewed. Nobody is taken for alive by the first alone.
    /// </summary>
    private async Task<IReadOnlyList<NodeFacts>> LookAgainAsync(
        ClusterSight sight, IReadOnlyList<NodeFacts> asked, long began, CancellationToken cancellationToken)
    {
        if (asked.All(node => node.Report is not null))
        {
            return asked;
        }

        var renewed = inspection.Membership().Options.TimeToLive / 2;
        var left = renewed - time.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestLook ? left : LongestLook, time, cancellationToken);
        }

        var isTold = time.GetElapsedTime(began) >= renewed;
        var now = inspection.Membership().Members;
        return
        [
            .. asked.Select(node => (Node: node, Then: sight.Find(node.Incarnation), Now: now.FirstOrDefault(row => row.Incarnation == node.Incarnation)))
                .Where(each => each.Now is { IsLive: true })
                .Select(each => each.Node with
                {
                    ShowsLife = each.Node.Report is not null || !isTold || each.Now!.Renewals > each.Then!.Renewals,
                }),
        ];
    }

    private async Task<IReadOnlyList<NodeRow>> DeathsAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow().UtcDateTime - DeathsKept;
        var rows = await inspection.Membership().HistoryAsync(HistoryRead).WaitAsync(StorePatience, time, cancellationToken);
        return [.. rows.Where(row => row.State == NodeState.Dead && row.EndedAt > since)];
    }

    private IEnumerable<string> Unmapped()
    {
        var map = inspection.Membership().Map;
        return ClusterSharding.Get(inspection.System()).ShardTypeNames.Where(region => !map.Knows(region));
    }

    private async Task<(StoreFacts? Store, UnfencedRows Unfenced)> InspectAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StorePatience);
        try
        {
            var store = await inspection.Membership().InspectStoreAsync(patience.Token);
            return (store, inspection.Sharding().FindWritten() is { } journal
                ? new UnfencedRows(await journal.Inspection.CountUnfencedAsync(LatestRows, patience.Token), LatestRows)
                : default);
        }
        catch (Exception away) when (away is DbException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (null, default);
        }
    }

    /// <summary>Of what everybody waits for in a takeover: a reading of leases, by the thread that owns them.</summary>
    private async Task<StoreLatency> MeasureAsync(CancellationToken cancellationToken)
    {
        var samples = new List<TimeSpan>();
        for (var sample = 0; sample < Samples; sample++)
        {
            var began = time.GetTimestamp();
            await inspection.ReadAsync(cancellationToken);
            samples.Add(time.GetElapsedTime(began));
        }

        samples.Sort();
        return new StoreLatency(samples[Samples / 2], samples[^1]);
    }

    private async Task<NodeFacts> AskAsync(ClusterSight sight, ClusterMembers members, NodeRow row, CancellationToken cancellationToken)
    {
        var (sent, sentAt) = (time.GetTimestamp(), time.GetUtcNow());
        var report = await nodes.ReportAsync(row.Address, cancellationToken);
        var middle = sentAt + (time.GetElapsedTime(sent) / 2);
        var observers = members.Unreachable.FirstOrDefault(member => member.Address == row.Address)?.ObservedBy ?? [];
        return new NodeFacts(
            row.Incarnation, row.Name, row.Version, MemberShow.StatusOf(sight, row), sight.AreHosts(row.Roles), report,
            report is null ? null : report.Clock.Utc - middle, [.. observers.Select(address => sight.At(address)?.Name ?? address)]);
    }
}
