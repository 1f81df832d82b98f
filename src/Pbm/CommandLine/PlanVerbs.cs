using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Steering;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm shards plan` and `pbm shards why`</summary>
internal static class PlanVerbs
{
    private const int MovesShown = 20;

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Write the plan to this file, for `pbm shards apply`.",
        HelpName = "file",
    };

    public static Command CreatePlan(GlobalOptions global)
    {
        var plan = new Command("plan", "What the coordinator would move now, and the balance before and after; moves nothing.");
        plan.Add(Out);
        HelpWithExamples.Register(plan, "pbm shards plan --out plan.json");
        plan.SetAction((parsed, cancellation) => PlanAsync(new Session(parsed, global), cancellation));
        return plan;
    }

    public static Command CreateWhy(GlobalOptions global)
    {
        var why = new Command("why", "Why a shard is where it is: its pin, the decisions on it and its owners, latest first.") { OrderOptions.Shard };
        HelpWithExamples.Register(why, "pbm shards why 17");
        why.SetAction((parsed, cancellation) => WhyAsync(new Session(parsed, global), cancellation));
        return why;
    }

    private static async Task<int> PlanAsync(Session session, CancellationToken cancellation)
    {
        var plan = await session.GetAsync("/shards/plan", ManagementJson.Default.ShardPlan, cancellation).ConfigureAwait(false);
        if (session.Parsed.GetValue(Out) is { } file)
        {
            await PlanFile.WriteAsync(file, plan, cancellation).ConfigureAwait(false);
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(plan, ManagementJson.Default.ShardPlan);
        }
        else
        {
            Print(session.Screen, plan);
        }

        return ExitCode.Ok;
    }

    internal static void Print(Screen screen, ShardPlan plan)
    {
        var table = screen.NewTable("node", "order", "shards", "then", "messages/s", "then");
        foreach (var member in plan.Members)
        {
            table.AddRow(
                screen.Cell(member.Name), screen.Cell(member.Order ?? "", Color.Yellow), screen.Cell(Number(member.ShardsBefore)),
                screen.Cell(Number(member.ShardsAfter), member.ShardsAfter == member.ShardsBefore ? null : Color.Yellow),
                screen.Cell(Rate(plan, member.RateBefore)), screen.Cell(Rate(plan, member.RateAfter)));
        }

        screen.Write(table);
        screen.WriteLine(plan.Balanced
            ? $"{plan.Coordinator} ({plan.Allocation}) would move nothing"
            : $"{plan.Coordinator} ({plan.Allocation}) would move {Number(plan.MoveCount)} shards, {Number(plan.AtOnce)} of them at once");
        if (plan.Moves.Count > 0)
        {
            PrintMoves(screen, plan);
        }
    }

    private static void PrintMoves(Screen screen, ShardPlan plan)
    {
        var table = screen.NewTable("shard", "from", "to", "epoch", "entities", "bytes", "pause", "because");
        foreach (var move in plan.Moves.Take(MovesShown))
        {
            table.AddRow(
                screen.Cell(Number(move.Shard)), screen.Cell(move.From ?? "nobody"), screen.Cell(move.To), screen.Cell(Known(move.Epoch)),
                screen.Cell(Known(move.Entities)), screen.Cell(move.Bytes is { } bytes ? Size(bytes) : "?"),
                screen.Cell(move.ExpectedPauseSeconds is { } pause ? Pause(pause) : "?"), screen.Cell(move.Reason));
        }

        screen.Write(table);
        if (plan.MoveCount > MovesShown)
        {
            screen.WriteLine($"{Number(MovesShown)} of them are shown; --json shows up to a thousand");
        }

        screen.WriteLine(plan.Rebalance == "manual"
            ? "rebalancing is manual: `pbm shards apply` or `pbm shards rebalance` carries it out"
            : "rebalancing is automatic: the coordinator carries it out by itself");
    }

    internal static string Size(long bytes) => bytes switch
    {
        >= 10 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.0} MiB"),
        >= 10 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };

    private static string Known(long? number) => number is { } known ? Number(known) : "?";

    private static string Pause(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms");

    private static async Task<int> WhyAsync(Session session, CancellationToken cancellation)
    {
        var path = $"/shards/{Number(session.Parsed.GetRequiredValue(OrderOptions.Shard))}/why";
        var story = await session.GetAsync(path, ManagementJson.Default.ShardStory, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(story, ManagementJson.Default.ShardStory);
        }
        else
        {
            Print(session.Screen, story);
        }

        return ExitCode.Ok;
    }

    private static void Print(Screen screen, ShardStory story)
    {
        screen.WriteLine($"shard {Number(story.Shard)} is on {story.Owner ?? "no node"} at epoch {Number(story.Epoch)}");
        if (story.Pin is { Node: { } node } pin)
        {
            var words = string.IsNullOrEmpty(pin.Reason) ? "" : $": {pin.Reason}";
            screen.WriteLine($"pinned to {node} by {pin.By} at {pin.At}{words}", Color.Yellow);
        }

        if (story.Target is { } target)
        {
            screen.WriteLine($"belongs on {target}: {story.Reason}", target == story.Owner ? null : Color.Yellow);
        }

        foreach (var decision in story.Decisions)
        {
            screen.WriteLine($"decided {decision.At}  to {decision.Target}  by {decision.DecidedBy}, term {Number(decision.Term)}  {decision.Reason}");
        }

        foreach (var owner in story.Owners)
        {
            screen.WriteLine($"owned   {owner.At}  by {owner.Owner}  epoch {Number(owner.Epoch)}  {owner.AcquiredBy}");
        }
    }

    private static string Rate(ShardPlan plan, double rate) => plan.LoadsKnown ? rate.ToString("0.#", CultureInfo.InvariantCulture) : "?";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
