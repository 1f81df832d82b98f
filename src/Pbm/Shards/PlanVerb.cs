using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards plan`</summary>
internal static class PlanVerb
{
    private static readonly Option<string?> Region = new("--region") { Description = "Only shards of this region.", HelpName = "kind" };
    private static readonly Option<string?> Without = new("--without") { Description = "As if this node were drained.", HelpName = "node" };
    private static readonly Option<int> With = NumberOption.Create("--with", 0, 0, 1_000, "As if there were so many nodes more.");

    public static Command Create(GlobalOptions global)
    {
        var plan = new Command(
            "plan", "What coordinators would move, and why; with the shards of each node and their weight, before and after. Moves nothing: `apply` does.")
        {
            Region, Without, With,
        };
        HelpWithExamples.Register(plan, "pbm shards plan --without node-2 --json > plan.json");
        plan.SetAction((parsed, cancellation) => PlanAsync(new Session(parsed, global), cancellation));
        return plan;
    }

    private static async Task<int> PlanAsync(Session session, CancellationToken cancellation)
    {
        var parsed = session.Parsed;
        string[] query =
        [
            .. new[] { ("region", parsed.GetValue(Region)), ("without", parsed.GetValue(Without)) }
                .Where(each => each.Item2 is not null).Select(each => $"{each.Item1}={Uri.EscapeDataString(each.Item2!)}"),
            string.Create(CultureInfo.InvariantCulture, $"with={parsed.GetValue(With)}"),
        ];
        var plan = await session.GetAsync($"/shards/plan?{string.Join('&', query)}", PlanJson.Default.PlanShape, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(plan, PlanJson.Default.PlanShape);
        }
        else
        {
            Print(session.Screen, plan);
        }

        return ExitCode.Ok;
    }

    private static void Print(Screen screen, PlanShape plan)
    {
        var nodes = screen.NewTable("node", "before", "after", "change", "weight", "weight after");
        foreach (var node in plan.Nodes)
        {
            nodes.AddRow(
                screen.Cell(node.Name), screen.Cell(Text(node.Before)), screen.Cell(Text(node.After)),
                screen.Cell((node.After - node.Before).ToString("+0;-0;0", CultureInfo.InvariantCulture)),
                screen.Cell(Weight(node.WeightBefore)), screen.Cell(Weight(node.WeightAfter)));
        }

        screen.Write(nodes);
        if (plan.Moves.Count == 0)
        {
            screen.WriteLine("nothing to move", Color.Green);
        }
        else
        {
            var moves = screen.NewTable("shards", "from", "to", "reason");
            foreach (var way in plan.Moves.GroupBy(move => (move.From, move.To)).OrderBy(way => way.Key.From, StringComparer.Ordinal)
                .ThenBy(way => way.Key.To, StringComparer.Ordinal))
            {
                moves.AddRow(
                    screen.Cell(ShardRanges.Of(way.Select(move => move.Name))), screen.Cell(way.Key.From), screen.Cell(way.Key.To),
                    screen.Cell(string.Join("; ", way.Select(move => move.Reason).Distinct().Take(3))));
            }

            screen.Write(moves);
            screen.WriteLine($"{Counted.Of(plan.Moves.Count, "shard")} would move");
        }

        foreach (var wait in plan.Waits)
        {
            screen.WriteLine(wait, Color.Yellow);
        }
    }

    private static string Weight(long? weight) => weight?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
