using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards pin` and `pbm shards unpin`</summary>
internal static class PinVerbs
{
    private static readonly Argument<string> Shard = ShardArgument.Create();
    private static readonly Argument<string> Node = new("node") { Description = "Name of the node where it is to be at home." };

    public static Command CreatePin(GlobalOptions global)
    {
        var pin = new Command(
            "pin", "Has a shard at home on a node whenever that is up: it goes there, returns after a restart, and lives elsewhere meanwhile.")
        {
            Shard, Node, OrderOptions.Reason, OrderOptions.By,
        };
        LiveNames.CompleteNodes(Node, global);
        HelpWithExamples.Register(pin, "pbm shards pin task/17 node-2 --reason \"its data is large\"");
        pin.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), parsed.GetRequiredValue(Node), cancellation));
        return pin;
    }

    public static Command CreateUnpin(GlobalOptions global)
    {
        var unpin = new Command("unpin", "Takes a pin back: the shard stays where it is until the balance asks for something else.")
        {
            Shard, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(unpin, "pbm shards unpin task/17");
        unpin.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), null, cancellation));
        return unpin;
    }

    /// <param name="node">Null: it may be at home anywhere.</param>
    private static async Task<int> OrderAsync(Session session, string? node, CancellationToken cancellation)
    {
        var parsed = session.Parsed;
        var shard = ShardArgument.Read(parsed.GetRequiredValue(Shard));
        var (reason, by) = (parsed.GetValue(OrderOptions.Reason)!, parsed.GetValue(OrderOptions.By)!);
        using var client = session.Connect();
        var pin = node is null
            ? await client.PostAsync(
                $"/shards/{shard.Path}/unpin", new OrderBody(reason, by), ManagementJson.Default.OrderBody, SteeringJson.Default.PinShape,
                cancellation).ConfigureAwait(false)
            : await client.PostAsync(
                $"/shards/{shard.Path}/pin", new MoveBody(node, reason, by, null), SteeringJson.Default.MoveBody, SteeringJson.Default.PinShape,
                cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(pin, SteeringJson.Default.PinShape);
        }
        else
        {
            Print(session.Screen, shard, pin);
        }

        return ExitCode.Ok;
    }

    private static void Print(Screen screen, ShardName shard, PinShape pin) => screen.WriteLine(
        pin.PinnedTo is null
            ? $"shard {shard} is pinned nowhere; it is on {pin.Owner ?? "no node"}"
            : $"shard {shard} is pinned to {pin.PinnedTo}{(pin.Owner == pin.PinnedTo ? ", where it is" : $"; it is on {pin.Owner ?? "no node"} and goes there")}",
        pin.PinnedTo == pin.Owner || pin.PinnedTo is null ? Color.Green : Color.Yellow);
}
