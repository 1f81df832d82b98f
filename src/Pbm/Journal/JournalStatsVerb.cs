using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Journal;

/// <summary>`pbm journal stats`</summary>
internal static class JournalStatsVerb
{
    private const int LargestShown = 10;

    private static readonly TimeSpan PortionTimeout = TimeSpan.FromMinutes(5);
    private static readonly Option<bool> All = new("--all") { Description = "A row for each shard instead of the ten largest." };
    private static readonly Option<int> Concurrency = NumberOption.Create("--concurrency", 2, 1, 16, "Regions read at the same time.");

    public static Command Create(GlobalOptions global)
    {
        var stats = new Command("stats", "How much the journal holds: events, entities, bytes and snapshots, in total and by shard.") { All, Concurrency };
        HelpWithExamples.Register(stats, "pbm journal stats --all");
        stats.SetAction((parsed, cancellation) => StatsAsync(new Session(parsed, global), cancellation));
        return stats;
    }

    private static async Task<int> StatsAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect(PortionTimeout);
        var status = await client.GetAsync("/cluster/status", ManagementJson.Default.ClusterStatus, cancellation).ConfigureAwait(false);
        var shards = new SortedDictionary<int, ShardStatsShape>();
        var read = 0;
        await ProgressDisplay.RunAsync(
            session.Screen, "count", () => new ProgressReading(Volatile.Read(ref read), status.ShardCount, "shards"),
            () => Parallel.ForEachAsync(
                Portions(status),
                new ParallelOptions { MaxDegreeOfParallelism = session.Parsed.GetValue(Concurrency), CancellationToken = cancellation },
                async (portion, token) =>
                {
                    var some = await client.GetAsync(portion.Path, SteeringJson.Default.JournalStats, token).ConfigureAwait(false);
                    lock (shards)
                    {
                        foreach (var (shard, place) in some.Shards.Select((shard, index) => (shard, portion.First + index)))
                        {
                            shards[place] = shard;
                        }
                    }

                    Interlocked.Add(ref read, some.Shards.Count);
                })).ConfigureAwait(false);
        var stats = Sum(status.ShardCount, [.. shards.Values]);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(stats, SteeringJson.Default.JournalStats);
        }
        else
        {
            Print(session, stats);
        }

        return ExitCode.Ok;
    }

    /// <summary>A region at a time.</summary>
    private static IEnumerable<(string Path, int First)> Portions(ClusterStatus status) => status.Regions.Select((region, index) => (
        $"/journal/stats?region={Uri.EscapeDataString(region.Name)}", status.Regions.Take(index).Sum(before => before.ShardCount)));

    private static JournalStats Sum(int shardCount, IReadOnlyList<ShardStatsShape> shards) => new(
        shardCount, shards,
        new JournalTotal(
            shards.Count, shards.Sum(shard => shard.Events), shards.Sum(shard => shard.Entities), shards.Sum(shard => shard.Bytes),
            shards.Sum(shard => shard.Snapshots), shards.Sum(shard => shard.SnapshotBytes)));

    private static void Print(Session session, JournalStats stats)
    {
        var screen = session.Screen;
        var total = stats.Total;
        screen.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(total.Events, "event")} of {Counted.Of(total.Entities, "entity", "entities")}, {Size(total.Bytes)}; {Counted.Of(total.Snapshots, "snapshot")}, {Size(total.SnapshotBytes)}; {Counted.Of(stats.ShardCount, "shard")}"));
        var isAll = session.Parsed.GetValue(All);
        var shown = isAll ? stats.Shards : [.. stats.Shards.OrderByDescending(shard => shard.Bytes).ThenBy(shard => shard.Region, StringComparer.Ordinal).ThenBy(shard => shard.Shard).Take(LargestShown)];
        var table = screen.NewTable("shard", "events", "entities", "bytes", "snapshots", "bytes");
        foreach (var shard in shown)
        {
            table.AddRow(
                screen.Cell(new ShardName(shard.Region, shard.Shard).ToString()), screen.Cell(Number(shard.Events)), screen.Cell(Number(shard.Entities)),
                screen.Cell(Size(shard.Bytes)), screen.Cell(Number(shard.Snapshots)), screen.Cell(Size(shard.SnapshotBytes)));
        }

        screen.Write(table);
        if (!isAll && stats.ShardCount > LargestShown)
        {
            screen.WriteLine("the largest shards; --all shows every one");
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 10 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.0} MiB"),
        >= 10 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
