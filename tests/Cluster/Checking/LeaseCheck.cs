using System.Diagnostics;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>Every shard runs on one node, which holds its lease by the epoch of the row; no other lease is held by anybody.</summary>
internal static class LeaseCheck
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task AssertSettledAsync(ProbeDatabase database, IReadOnlyList<IProbeNode> nodes, TimeSpan within)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            // The rows before the reports and after: what changes between is not settled.
            var before = await database.LeasesAsync();
            var reports = await Task.WhenAll(nodes.Select(async node => (node.Name, Report: await node.ReportAsync(Answer))));
            var complaints = Complaints(await database.LeasesAsync(), before, reports, nodes[0].Settings.Shards).ToList();
            if (complaints.Count == 0)
            {
                return;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(begun) < within,
                $"Shards and leases did not agree within {within}:\n{string.Join("\n", complaints.Take(20))}");
            await Task.Delay(Pause);
        }
    }

    private static IEnumerable<string> Complaints(
        IReadOnlyList<LeaseView> leases, IReadOnlyList<LeaseView> before, (string Name, NodeReport? Report)[] reports, int shards)
    {
        if (!leases.SequenceEqual(before))
        {
            yield return "leases are still being taken or given back";
        }

        foreach (var (name, report) in reports)
        {
            if (report?.RunningShards is null)
            {
                yield return $"{name} or its region does not report";
            }
        }

        foreach (var lease in leases.Where(each => each.Owner is not null && reports.All(one => one.Report?.Incarnation != each.Owner)))
        {
            yield return $"{lease.Name} was left behind by {lease.Owner}";
        }

        for (var shard = 0; shard < shards; shard++)
        {
            foreach (var complaint in OfShard($"{shard}", leases, reports))
            {
                yield return complaint;
            }
        }
    }

    private static IEnumerable<string> OfShard(
        string shard, IReadOnlyList<LeaseView> leases, (string Name, NodeReport? Report)[] reports)
    {
        var running = reports.Where(each => each.Report?.RunningShards?.Contains(shard) == true).ToList();
        if (running.Count != 1)
        {
            yield return $"shard {shard} runs on [{string.Join(' ', running.Select(each => each.Name))}]";
        }

        var lease = leases.SingleOrDefault(each => each.Shard == shard);
        foreach (var (name, report) in reports)
        {
            var runs = report?.RunningShards?.Contains(shard) == true;
            if (report is not null && runs != (lease?.Owner == report.Incarnation))
            {
                yield return $"shard {shard} {(runs ? "runs" : "does not run")} on {name} ({report.Incarnation}), its lease is {lease}";
            }

            var epoch = report?.Leases.TryGetValue(shard, out var known) == true ? known : (long?)null;
            if (report is not null && epoch != (runs ? lease?.Epoch : null))
            {
                yield return $"shard {shard}: {name} has epoch {epoch} in its book, the row is {lease}";
            }
        }
    }
}
