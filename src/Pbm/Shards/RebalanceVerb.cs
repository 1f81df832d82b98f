using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards rebalance`</summary>
internal static class RebalanceVerb
{
    private static readonly Option<int?> MaxMoves = new("--max-moves")
    {
        Description = "Shards to move at most. Default: as many as balance takes.",
        HelpName = "n",
    };

    public static Command Create(GlobalOptions global)
    {
        var rebalance = new Command(
            "rebalance", "Orders the moves that share the shards out evenly, and waits until they have arrived; exit code 1 if some do not.")
        {
            MaxMoves, MoveWait.Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(rebalance, "pbm shards rebalance --max-moves 10");
        rebalance.SetAction((parsed, cancellation) => RebalanceAsync(new Session(parsed, global), cancellation));
        return rebalance;
    }

    private static async Task<int> RebalanceAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        if (parsed.GetValue(MaxMoves) is < 1)
        {
            throw new UsageException("--max-moves must be at least 1");
        }

        var began = TimeProvider.System.GetTimestamp();
        var body = new RebalanceBody(parsed.GetValue(MaxMoves), parsed.GetValue(OrderOptions.Reason)!, parsed.GetValue(OrderOptions.By)!);
        var moves = (await client.PostAsync(
            "/shards/rebalance", body, SteeringJson.Default.RebalanceBody, SteeringJson.Default.OrderedMoves, cancellation)
            .ConfigureAwait(false)).Moves;
        var wait = new MoveWait(
            client, [.. moves.Select(move => (new ShardName(move.Region, move.Shard), move.To))], MoveWait.TimeoutOf(parsed), TimeProvider.System);
        var outcome = moves.Count == 0 ? "balanced" : await FollowAsync(session, "rebalance", wait, moves.Count, cancellation).ConfigureAwait(false);
        var report = new RebalanceReport(
            outcome, moves, wait.Arrived, Math.Round(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 3));
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, SteeringJson.Default.RebalanceReport);
        }
        else
        {
            Print(session.Screen, report);
        }

        return outcome switch { "done" or "balanced" => ExitCode.Ok, "interrupted" => ExitCode.Interrupted, _ => ExitCode.Finding };
    }

    /// <returns>`done`, `stalled` or `interrupted`.</returns>
    public static async Task<string> FollowAsync(Session session, string name, MoveWait wait, int count, CancellationToken cancellation)
    {
        var outcome = "stalled";
        await ProgressDisplay.RunAsync(
            session.Screen, name, () => new ProgressReading(wait.Arrived, count, "shards"),
            async () =>
            {
                try
                {
                    outcome = await wait.RunAsync(cancellation).ConfigureAwait(false) ? "done" : "stalled";
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    outcome = "interrupted";
                }
            }).ConfigureAwait(false);
        return outcome;
    }

    public static void PrintWays(Screen screen, IEnumerable<MoveShape> moves)
    {
        foreach (var way in moves.GroupBy(move => (move.From, move.To)).OrderBy(way => way.Key.From, StringComparer.Ordinal)
            .ThenBy(way => way.Key.To, StringComparer.Ordinal))
        {
            screen.WriteLine(
                $"{way.Key.From ?? "no node"} -> {way.Key.To}: {ShardRanges.Of(way.Select(move => new ShardName(move.Region, move.Shard)))}");
        }
    }

    private static void Print(Screen screen, RebalanceReport report)
    {
        if (report.Outcome == "balanced")
        {
            screen.WriteLine("nothing to move: the shards are balanced", Color.Green);
            return;
        }

        PrintWays(screen, report.Moves);
        var isDone = report.Arrived == report.Moves.Count;
        screen.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{report.Arrived} of {Counted.Of(report.Moves.Count, "shard")} {(report.Moves.Count == 1 ? "has" : "have")} arrived in {report.DurationSeconds:0.0} s"),
            isDone ? Color.Green : Color.Yellow);
        if (!isDone)
        {
            screen.WriteLine("the others are still on their way: pbm shards map --watch");
        }
    }
}
