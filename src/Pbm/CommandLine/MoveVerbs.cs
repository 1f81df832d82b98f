using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Steering;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm shards move`, `apply` and `rebalance`</summary>
internal static class MoveVerbs
{
    private static readonly Argument<string> Node = new("node") { Description = "Name of the node it is to go to." };
    private static readonly Argument<string?> PlanPath = new("file")
    {
        Description = "A plan of `pbm shards plan --out`; without it what the coordinator would move now.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<long?> Epoch = new("--epoch")
    {
        Description = "Only if the shard is at this epoch; default: the present one.", HelpName = "e",
    };

    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when the shard is there; exit code 1 if it does not get there." };
    private static readonly Option<int> Timeout = LoadVerb.Number("--timeout", 60, 1, 86_400, "Seconds without any shard arriving before giving up to wait.");
    private static readonly Option<int> MaxMoves = LoadVerb.Number("--max-moves", 65_536, 1, 65_536, "Shards to move at most.");
    private static readonly Option<int> AtOnce = LoadVerb.Number("--at-once", 8, 1, 1_000, "Shards on their way at a time.");

    public static Command CreateMove(GlobalOptions global)
    {
        var move = new Command("move", "Moves a shard once; it stays there until the balance asks for something else, and is left alone for a time.")
        {
            OrderOptions.Shard, Node, Epoch, Wait, Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(move, "pbm shards move 17 node-2 --wait --reason \"noisy neighbour\"");
        move.SetAction((parsed, cancellation) => MoveAsync(new Session(parsed, global), cancellation));
        return move;
    }

    public static Command CreateApply(GlobalOptions global)
    {
        var apply = new Command(
            "apply", "Carries a plan out. Ctrl-C stops after what is under way; the same plan again resumes. Refuses a plan that the cluster has outgrown: exit code 1, nothing moved.")
        {
            PlanPath, MaxMoves, AtOnce, Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(apply, "pbm shards apply plan.json --max-moves 3");
        apply.SetAction((parsed, cancellation) => ApplyAsync(new Session(parsed, global), parsed.GetValue(PlanPath), cancellation));
        return apply;
    }

    public static Command CreateRebalance(GlobalOptions global)
    {
        var rebalance = new Command("rebalance", "Plans and applies in one.") { MaxMoves, AtOnce, Timeout, OrderOptions.Reason, OrderOptions.By };
        HelpWithExamples.Register(rebalance, "pbm shards rebalance --max-moves 10");
        rebalance.SetAction((parsed, cancellation) => ApplyAsync(new Session(parsed, global), null, cancellation));
        return rebalance;
    }

    private static async Task<int> MoveAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        var shard = parsed.GetRequiredValue(OrderOptions.Shard);
        var body = new MoveBody(parsed.GetRequiredValue(Node), Reason(session), By(session), parsed.GetValue(Epoch));
        var move = await client.PostAsync(
            string.Create(CultureInfo.InvariantCulture, $"/shards/{shard}/move"), body, SteeringJson.Default.MoveBody, SteeringJson.Default.MoveShape,
            cancellation).ConfigureAwait(false);
        var problem = parsed.GetValue(Wait) && move.State != "there" ? await FollowAsync(session, client, move, cancellation).ConfigureAwait(false) : null;
        if (parsed.GetValue(Wait) && problem is null)
        {
            move = move with { State = "there" };
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(move, SteeringJson.Default.MoveShape);
        }
        else
        {
            Print(session.Screen, move);
        }

        if (problem is not null)
        {
            Screen.Complain($"shard {shard.ToString(CultureInfo.InvariantCulture)}: {problem}");
        }

        return problem is null ? ExitCode.Ok : ExitCode.Finding;
    }

    /// <summary>Null when it is there, else why not.</summary>
    private static async Task<string?> FollowAsync(Session session, ManagementClient client, MoveShape move, CancellationToken cancellation)
    {
        var only = new ShardPlan("", "", false, false, 1, 1, [], [new PlanMoveShape(move.Shard, move.From, move.To, "", true, move.Epoch)]);
        var run = new PlanRun(client, only, Options(session, 1, 1) with { AreOrdered = true }, TimeProvider.System);
        var report = await run.RunAsync(cancellation).ConfigureAwait(false);
        return report.Left == 0 ? null : report.Problems.Count > 0 ? report.Problems[0].Problem : "is still on its way";
    }

    private static void Print(Screen screen, MoveShape move)
    {
        var number = move.Shard.ToString(CultureInfo.InvariantCulture);
        screen.WriteLine(
            move.State == "there" ? $"shard {number} is on {move.To}" : $"shard {number} is ordered from {move.From ?? "no node"} to {move.To}",
            move.State == "there" ? Color.Green : Color.Yellow);
    }

    private static async Task<int> ApplyAsync(Session session, string? file, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var plan = file is null
            ? PlanFile.Check(
                await client.GetAsync("/shards/plan", ManagementJson.Default.ShardPlan, cancellation).ConfigureAwait(false), "the coordinator's plan")
            : await PlanFile.ReadAsync(file, cancellation).ConfigureAwait(false);
        var parsed = session.Parsed;
        var run = new PlanRun(client, plan, Options(session, parsed.GetValue(MaxMoves), parsed.GetValue(AtOnce)), TimeProvider.System);
        ApplyReport? report = null;
        await ProgressDisplay.RunAsync(
            session.Screen, "move", () => new ProgressReading(run.Moved, run.Wanted, "shards"),
            async () => report = await run.RunAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report!, SteeringJson.Default.ApplyReport);
        }
        else
        {
            Print(session.Screen, report!, file);
        }

        return report!.Outcome switch { "done" or "partial" => ExitCode.Ok, "interrupted" => ExitCode.Interrupted, _ => ExitCode.Finding };
    }

    private static void Print(Screen screen, ApplyReport report, string? file)
    {
        screen.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"moved {report.Moved} shards in {report.DurationSeconds:0.0} s; {report.AlreadyThere} were there already, {report.Left} of {report.Moves} are left"),
            report.Left == 0 ? Color.Green : Color.Yellow);
        if (report.Outcome == "outgrown")
        {
            screen.WriteLine("the cluster has outgrown this plan: nothing was moved; make another with `pbm shards plan`", Color.Red);
        }

        foreach (var problem in report.Problems.Take(20))
        {
            screen.WriteLine($"shard {problem.Shard.ToString(CultureInfo.InvariantCulture)}: {problem.Problem}", Color.Red);
        }

        if (report.Left > 0 && report.Outcome != "outgrown")
        {
            screen.WriteLine(file is null ? "to go on: `pbm shards rebalance`" : $"to go on: `pbm shards apply {file}`");
        }
    }

    private static PlanRunOptions Options(Session session, int maxMoves, int atOnce) =>
        new(maxMoves, atOnce, Reason(session), By(session), TimeSpan.FromSeconds(session.Parsed.GetValue(Timeout)));

    private static string Reason(Session session) => session.Parsed.GetValue(OrderOptions.Reason)!;

    private static string By(Session session) => session.Parsed.GetValue(OrderOptions.By)!;
}
