using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards why`</summary>
internal static class WhyVerb
{
    private static readonly Argument<string> Shard = ShardArgument.Create();

    public static Command Create(GlobalOptions global)
    {
        var why = new Command("why", "Where a shard is, since when and why, what was ordered about it, and what keeps it from moving.") { Shard };
        HelpWithExamples.Register(why, "pbm shards why task/17");
        why.SetAction((parsed, cancellation) => WhyAsync(new Session(parsed, global), cancellation));
        return why;
    }

    private static async Task<int> WhyAsync(Session session, CancellationToken cancellation)
    {
        var shard = ShardArgument.Read(session.Parsed.GetRequiredValue(Shard));
        var story = await session.GetAsync($"/shards/{shard.Path}/why", PlanJson.Default.WhyShape, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(story, PlanJson.Default.WhyShape);
        }
        else
        {
            Print(session.Screen, shard, story);
        }

        return ExitCode.Ok;
    }

    private static void Print(Screen screen, ShardName shard, WhyShape story)
    {
        screen.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"shard {shard} is on {story.Owner ?? "no node"}, epoch {story.Epoch}, since {(story.Since is { } since ? Time(since) : "?")}"));
        screen.WriteLine($"why it is there: {story.Reason ?? "?"}");
        screen.WriteLine(story.Order is { } order
            ? $"ordered: {(order.Kind == "pin" ? "pinned to" : "to move to")} {order.Node}, by {(order.By.Length == 0 ? "an operator" : order.By)}"
                + $"{(order.Reason.Length == 0 ? "" : $": {order.Reason}")}, {Time(order.At)}"
            : "ordered: nothing");
        screen.WriteLine($"what keeps it there: {(story.Keeps.Count == 0 ? "nothing" : string.Join("; ", story.Keeps))}");
        if (story.Decisions.Count == 0)
        {
            return;
        }

        var table = screen.NewTable("at", "decision", "from", "to", "reason", "numbers");
        foreach (var decision in story.Decisions)
        {
            table.AddRow(
                screen.Cell(Time(decision.At)), screen.Cell(decision.Kind), screen.Cell(decision.From), screen.Cell(decision.To),
                screen.Cell(decision.Reason), screen.Cell(DecisionText.Numbers(decision)));
        }

        screen.Write(table);
    }

    private static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
