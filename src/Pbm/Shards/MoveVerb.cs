using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards move`</summary>
internal static class MoveVerb
{
    private static readonly Argument<string> Shard = ShardArgument.Create();
    private static readonly Argument<string> Node = new("node") { Description = "Name of the node it is to go to." };

    private static readonly Option<long?> Epoch = new("--epoch")
    {
        Description = "Only if the shard is at this epoch; default: the present one.",
        HelpName = "e",
    };

    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when the shard is there; exit code 1 if it does not get there." };

    public static Command Create(GlobalOptions global)
    {
        var move = new Command("move", "Moves a shard once; it stays there until the balance asks for something else, and is left alone for a time.")
        {
            Shard, Node, Epoch, Wait, MoveWait.Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        LiveNames.CompleteNodes(Node, global);
        HelpWithExamples.Register(move, "pbm shards move task/17 node-2 --wait --reason \"noisy neighbour\"");
        move.SetAction((parsed, cancellation) => MoveAsync(new Session(parsed, global), cancellation));
        return move;
    }

    private static async Task<int> MoveAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        var shard = ShardArgument.Read(parsed.GetRequiredValue(Shard));
        var body = new MoveBody(
            parsed.GetRequiredValue(Node), parsed.GetValue(OrderOptions.Reason)!, parsed.GetValue(OrderOptions.By)!, parsed.GetValue(Epoch));
        var move = await client.PostAsync(
            $"/shards/{shard.Path}/move", body, SteeringJson.Default.MoveBody, SteeringJson.Default.MoveShape,
            cancellation).ConfigureAwait(false);
        var isLate = false;
        if (parsed.GetValue(Wait))
        {
            var wait = new MoveWait(client, [(shard, move.To)], MoveWait.TimeoutOf(parsed), TimeProvider.System);
            isLate = move.State != "there" && !await wait.RunAsync(cancellation).ConfigureAwait(false);
            move = isLate ? move : move with { State = "there" };
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(move, SteeringJson.Default.MoveShape);
        }
        else
        {
            Print(session.Screen, shard, move);
        }

        if (isLate)
        {
            var story = await client.GetAsync($"/shards/{shard.Path}/why", PlanJson.Default.WhyShape, cancellation).ConfigureAwait(false);
            var fate = story.Order is null && story.Decisions.FirstOrDefault() is { Kind: "gaveUp", Reason: var reason }
                ? $"the order is over: {reason}"
                : string.Join("; ", ["it is still on its way", .. story.Keeps]);
            Screen.Complain($"shard {shard}: {fate}");
        }

        return isLate ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, ShardName shard, MoveShape move) => screen.WriteLine(
        move.State == "there" ? $"shard {shard} is on {move.To}" : $"shard {shard} is ordered from {move.From ?? "no node"} to {move.To}",
        move.State == "there" ? Color.Green : Color.Yellow);
}
