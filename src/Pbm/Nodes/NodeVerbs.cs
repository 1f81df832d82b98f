using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Nodes;

/// <summary>`pbm node …`: whether a node is given shards.</summary>
internal static class NodeVerbs
{
    private static readonly Argument<string> Node = new("node") { Description = "Its name; the order holds for whoever runs under it." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when it has no shard left; exit code 1 if it does not come to that." };

    private static readonly Option<int> Timeout =
        NumberOption.Create("--timeout", 60, 1, 86_400, "Seconds without any shard leaving before giving up to wait.");

    public static Command Create(GlobalOptions global)
    {
        LiveNames.CompleteNodes(Node, global);
        var drain = Order(
            global, "drain", "A node gets no more shards, and gives away those that it has, a few at a time; it goes on serving them until then.",
            "pbm node drain node-2 --wait --reason \"kernel update\"");
        drain.Add(Wait);
        drain.Add(Timeout);
        return new Command("node", "Which nodes are given shards.")
        {
            Order(global, "cordon", "A node gets no more shards, and keeps those that it has.", "pbm node cordon node-2 --reason \"disk is failing\""),
            drain,
            Order(global, "uncordon", "Takes a cordon or a drain back: the node gets its share again.", "pbm node uncordon node-2"),
        };
    }

    private static Command Order(GlobalOptions global, string verb, string description, string example)
    {
        var command = new Command(verb, description) { Node, OrderOptions.Reason, OrderOptions.By };
        HelpWithExamples.Register(command, example);
        command.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), verb, cancellation));
        return command;
    }

    private static async Task<int> OrderAsync(Session session, string verb, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        var body = new OrderBody(parsed.GetValue(OrderOptions.Reason)!, parsed.GetValue(OrderOptions.By)!);
        var order = await client.PostAsync(
            $"/nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(Node))}/{verb}", body, ManagementJson.Default.OrderBody,
            SteeringJson.Default.NodeOrderShape, cancellation).ConfigureAwait(false);
        var isLate = false;
        if (verb == "drain" && parsed.GetValue(Wait))
        {
            if (!session.Screen.Json)
            {
                session.Screen.WriteLine(order.Message, Color.Yellow);
            }

            var wait = new DrainWait(client, order.Node, order.Shards, TimeSpan.FromSeconds(parsed.GetValue(Timeout)), TimeProvider.System);
            isLate = !await FollowAsync(session, wait, cancellation).ConfigureAwait(false);
            order = order with { Shards = wait.Left, Message = wait.Left == 0 ? $"{order.Node} has no shard left" : $"{order.Node} still has {Counted.Of(wait.Left, "shard")}" };
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(order, SteeringJson.Default.NodeOrderShape);
        }
        else
        {
            session.Screen.WriteLine(order.Message, order.State == "open" || order.Shards == 0 ? Color.Green : Color.Yellow);
        }

        if (isLate)
        {
            await ComplainAsync(client, order.Node, cancellation).ConfigureAwait(false);
        }

        return isLate ? ExitCode.Finding : ExitCode.Ok;
    }

    /// <summary>What keeps the first few of its shards.</summary>
    private static async Task ComplainAsync(ManagementClient client, string node, CancellationToken cancellation)
    {
        var map = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        foreach (var shard in map.Shards.Where(shard => shard.Owner == node).Take(5))
        {
            var story = await client.GetAsync($"/shards/{shard.Name.Path}/why", PlanJson.Default.WhyShape, cancellation).ConfigureAwait(false);
            Screen.Complain($"shard {shard.Name}: {(story.Keeps.Count == 0 ? "nothing keeps it there" : string.Join("; ", story.Keeps))}");
        }
    }

    private static async Task<bool> FollowAsync(Session session, DrainWait wait, CancellationToken cancellation)
    {
        var isEmpty = false;
        await ProgressDisplay.RunAsync(
            session.Screen, "drain", () => new ProgressReading(wait.First - wait.Left, wait.First, "shards"),
            async () => isEmpty = await wait.RunAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return isEmpty;
    }
}
