using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards apply`: the moves of a plan become orders.</summary>
internal static class ApplyVerb
{
    private static readonly Argument<string> Plan = new("plan") { Description = "What `pbm shards plan --json` printed: a file, or - for standard input." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when the shards are there; exit code 1 if some do not get there." };

    public static Command Create(GlobalOptions global)
    {
        var apply = new Command(
            "apply", "Orders the moves of a plan, each only if its shard has not changed hands since; exit code 1 if some are refused.")
        {
            Plan, Wait, MoveWait.Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(apply, "pbm shards apply plan.json --wait --reason \"node-2 is replaced\"");
        apply.SetAction((parsed, cancellation) => ApplyAsync(new Session(parsed, global), cancellation));
        return apply;
    }

    private static async Task<int> ApplyAsync(Session session, CancellationToken cancellation)
    {
        var plan = await ReadAsync(session.Parsed.GetRequiredValue(Plan), cancellation).ConfigureAwait(false);
        using var client = session.Connect();
        var began = TimeProvider.System.GetTimestamp();
        var ordered = new List<MoveShape>();
        var refused = new List<RefusedMove>();
        foreach (var move in plan.Moves)
        {
            try
            {
                ordered.Add(await OrderAsync(client, session.Parsed, move, cancellation).ConfigureAwait(false));
            }
            catch (NodeRefusedException problem)
            {
                refused.Add(new RefusedMove(move.Region, move.Shard, problem.Message));
            }
        }

        var wait = new MoveWait(
            client, [.. ordered.Select(move => (new ShardName(move.Region, move.Shard), move.To))], MoveWait.TimeoutOf(session.Parsed), TimeProvider.System);
        var isWaiting = session.Parsed.GetValue(Wait);
        var outcome = isWaiting && ordered.Count > 0
            ? await RebalanceVerb.FollowAsync(session, "apply", wait, ordered.Count, cancellation).ConfigureAwait(false) : isWaiting ? "done" : "ordered";
        var report = new ApplyReport(
            outcome, ordered, refused, isWaiting ? wait.Arrived : null, Math.Round(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 3));
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, PlanJson.Default.ApplyReport);
        }
        else
        {
            Print(session.Screen, report);
        }

        return outcome == "interrupted" ? ExitCode.Interrupted : outcome == "stalled" || refused.Count > 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    /// <exception cref="UsageException">It cannot be read, or is no plan.</exception>
    private static async Task<PlanShape> ReadAsync(string plan, CancellationToken cancellation)
    {
        try
        {
            var text = plan == "-"
                ? await Console.In.ReadToEndAsync(cancellation).ConfigureAwait(false)
                : await File.ReadAllTextAsync(plan, cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(text, PlanJson.Default.PlanShape) is { Moves: not null } read
                ? read
                : throw new UsageException($"{plan} is no plan: print one with pbm shards plan --json");
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"there is no file {plan}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{plan} cannot be read: {problem.Message}");
        }
        catch (JsonException)
        {
            throw new UsageException($"{plan} is no plan: print one with pbm shards plan --json");
        }
    }

    private static Task<MoveShape> OrderAsync(ManagementClient client, ParseResult parsed, PlannedMoveShape move, CancellationToken cancellation) =>
        client.PostAsync(
            $"/shards/{move.Name.Path}/move",
            new MoveBody(
                move.To, parsed.GetValue(OrderOptions.Reason) is { Length: > 0 } reason ? reason : $"plan: {move.Reason}",
                parsed.GetValue(OrderOptions.By)!, move.Epoch),
            SteeringJson.Default.MoveBody, SteeringJson.Default.MoveShape, cancellation);

    private static void Print(Screen screen, ApplyReport report)
    {
        RebalanceVerb.PrintWays(screen, report.Moves);
        foreach (var refused in report.Refused)
        {
            screen.WriteLine($"{new ShardName(refused.Region, refused.Shard)} is refused: {refused.Why}", Color.Red);
        }

        var isDone = report.Arrived == report.Moves.Count && report.Refused.Count == 0;
        screen.WriteLine(
            report.Arrived is { } arrived
                ? string.Create(CultureInfo.InvariantCulture, $"{arrived} of {Counted.Of(report.Moves.Count, "shard")} {(report.Moves.Count == 1 ? "has" : "have")} arrived in {report.DurationSeconds:0.0} s")
                : $"{Counted.Of(report.Moves.Count, "shard")} {(report.Moves.Count == 1 ? "is" : "are")} ordered to move: pbm shards watch",
            isDone ? Color.Green : Color.Yellow);
    }
}
