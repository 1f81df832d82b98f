using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Drills;

/// <summary>One drill: watch, give the order, go on watching until every shard has answered again.</summary>
/// <param name="management">Of the node that the drill is about; null: not known, and the clock starts when the node said it would stop.</param>
internal sealed class DrillRun(ManagementClient client, DrillPlan plan, DrillBody order, IReadOnlyList<Uri> gateways, Uri? management, TimeProvider time)
{
    /// <summary>In seconds: what is expected and what is measured agree.</summary>
    private const double Agreement = 0.5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Whoever is dead cannot answer that late, so an answer to a later read is the successor's.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(700);

    /// <summary>How much later than promised an answer may come and still be measured.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>How long after the order the node may go on before it is taken for one whose end cannot be seen.</summary>
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly DrillProbe[] _probes = [.. plan.Probes.Select(DrillProbe.Of).OfType<DrillProbe>()];
    private volatile string _note = "watching";
    private int _recovered;

    public (int Done, int Total, string Note) Progress => (Volatile.Read(ref _recovered), _probes.Length, _note);

    /// <summary>Null until it is done.</summary>
    public DrillReport? Report { get; private set; }

    /// <exception cref="NodeUnreachableException">Not every shard answers before the drill, or the order was not taken.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var watch = new DrillWatch(gateways, _probes, time);
        if (!await watch.AllAnsweredAsync(TimeSpan.Zero, WarmUp, cancellation).ConfigureAwait(false))
        {
            var silent = watch.Records.Where(record => record.Answers.Count == 0).Select(record => record.Shard);
            throw new NodeUnreachableException($"nothing was done: shards {string.Join(", ", silent)} do not answer through {string.Join(", ", gateways.Select(gateway => gateway.Authority))}");
        }

        await using var pulse = management is null ? null : new Pulse(management, () => watch.Now, time);
        var ordered = await client.PostAsync(
            $"/nodes/{Uri.EscapeDataString(plan.Node)}/drill", order, DrillJson.Default.DrillBody, DrillJson.Default.DrillPlan, cancellation).ConfigureAwait(false);
        var end = await StopAsync(pulse, watch, TimeSpan.FromSeconds(ordered.InSeconds), cancellation).ConfigureAwait(false);
        _note = order.Kind == "kill" ? "killed" : "paused";
        var pause = TimeSpan.FromSeconds(order.Seconds ?? 0);
        var worst = TimeSpan.FromSeconds(plan.Predictions.FailoverSeconds);
        var wait = watch.AllAnsweredAsync(end + Settled, end + pause + worst + Grace, cancellation);
        while (!wait.IsCompleted)
        {
            Volatile.Write(ref _recovered, watch.Records.Count(record => record.Answers[^1] > end + Settled));
            await Task.WhenAny(wait, Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation)).ConfigureAwait(false);
        }

        await wait.ConfigureAwait(false);
        Report = Sum(watch, end);
    }

    /// <summary>When the node stopped: seen at itself, or else as it said.</summary>
    private async Task<TimeSpan> StopAsync(Pulse? pulse, DrillWatch watch, TimeSpan notice, CancellationToken cancellation)
    {
        var said = watch.Now + notice;
        while (pulse is not null && watch.Now < said + StopBound)
        {
            // It stops when it said or later; a busy machine may have been silent before.
            if (pulse.StoppedAt(said, watch.Now) is { } stopped)
            {
                return stopped;
            }

            await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
        }

        return said;
    }

    private DrillReport Sum(DrillWatch watch, TimeSpan end)
    {
        var predicted = DrillPredictions.Of(plan.Predictions, order.Seconds);
        var unanswered = watch.Records.Where(record => !IsBack(record, end)).Select(record => record.Shard.ToString()).ToArray();
        var (first, half, last) = Times(watch.Records, end);
        DrillRegionReport[] regions =
        [
            .. DrillPredictions.Regions(plan).Where(region => _probes.Any(probe => probe.Shard.Region == region.Region))
                .Select(region => Sum(region, [.. watch.Records.Where(record => record.Shard.Region == region.Region)], end)),
        ];
        return new DrillReport(
            plan.Node, order.Kind, order.Seconds, _probes.Length, [.. gateways.Select(gateway => gateway.GetLeftPart(UriPartial.Authority))], predicted,
            new DrillMeasure(
                Rounded(first), Rounded(half), Rounded(last), Math.Round(watch.LongestGap(end).TotalSeconds, 3),
                watch.Records.Sum(record => (long)record.Answers.Count), watch.FailedAttempts, unanswered),
            regions,
            regions.All(region => region.P50Seconds is { } seconds && Math.Abs(seconds - region.ExpectedSeconds) <= Agreement),
            last is { } slowest && slowest <= predicted.WorstSeconds);
    }

    private DrillRegionReport Sum(DrillRegionShape region, IReadOnlyList<ShardRecord> records, TimeSpan end)
    {
        var (_, half, last) = Times(records, end);
        return new DrillRegionReport(
            region.Region, records.Count, region.Coordinator, DrillPredictions.Of(region.Predictions, order.Seconds).ExpectedSeconds, Rounded(half), Rounded(last));
    }

    /// <summary>From the end until the first, half and all of them answered again; what did not come is null.</summary>
    private static (double? First, double? Half, double? Last) Times(IReadOnlyList<ShardRecord> records, TimeSpan end)
    {
        var back = records.Where(record => IsBack(record, end))
            .Select(record => Math.Max(0, (record.RecoveredAt(end)!.Value - end).TotalSeconds)).Order().ToArray();
        return back.Length == 0 ? (null, null, null) : (back[0], back[back.Length / 2], back.Length == records.Count ? back[^1] : null);
    }

    private static bool IsBack(ShardRecord record, TimeSpan end) => record.Answers[^1] > end + Settled;

    private static double? Rounded(double? seconds) => seconds is { } known ? Math.Round(known, 3) : null;
}
