using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm node …`</summary>
internal static class NodeVerbs
{
    private static readonly TimeSpan PauseBetweenLooks = TimeSpan.FromMilliseconds(250);

    private static readonly Argument<string> Name = new("name") { Description = "Name of the node, as `pbm cluster show` has it." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return when the node has no shards left; exit code 1 if that takes too long." };
    private static readonly Option<int> Timeout = LoadVerb.Number("--timeout", 300, 1, 86_400, "Seconds to wait at most.");

    public static Command Create(GlobalOptions global)
    {
        var cordon = Order(global, "cordon", "The node keeps the shards it has and gets no more.", "pbm node cordon node-2 --reason \"disk is filling\"");
        var uncordon = Order(global, "uncordon", "The node takes its share again, after cordon or drain.", "pbm node uncordon node-2");
        var drain = Order(
            global, "drain", "The node gives all its shards away and gets none, but stays a member; pins to it wait.", "pbm node drain node-2 --wait", Wait, Timeout);
        return new Command("node", "Orders to one node; they hold over its restarts, until uncordon.")
        {
            cordon, uncordon, drain, MemberVerbs.CreateLeave(global),
        };
    }

    private static Command Order(GlobalOptions global, string verb, string description, string example, params Option[] more)
    {
        var command = new Command(verb, description) { Name, OrderOptions.Reason, OrderOptions.By };
        foreach (var option in more)
        {
            command.Add(option);
        }

        LiveNames.CompleteNodes(Name, global);
        HelpWithExamples.Register(command, example);
        command.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), verb, more.Length > 0, cancellation));
        return command;
    }

    private static async Task<int> OrderAsync(Session session, string verb, bool mayWait, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var node = session.Parsed.GetRequiredValue(Name);
        var body = new OrderBody(session.Parsed.GetValue(OrderOptions.Reason)!, session.Parsed.GetValue(OrderOptions.By)!);
        var state = await client.PostAsync(
            $"/nodes/{Uri.EscapeDataString(node)}/{verb}", body, ManagementJson.Default.OrderBody, ManagementJson.Default.NodeOrderShape,
            cancellation).ConfigureAwait(false);
        var isDone = true;
        if (mayWait && session.Parsed.GetValue(Wait))
        {
            (state, isDone) = await WaitUntilEmptyAsync(session, client, state, cancellation).ConfigureAwait(false);
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(state, ManagementJson.Default.NodeOrderShape);
        }
        else
        {
            Print(session.Screen, state);
        }

        return isDone ? ExitCode.Ok : ExitCode.Finding;
    }

    /// <summary>Tells on standard error whenever the number changes.</summary>
    private static async Task<(NodeOrderShape State, bool IsDone)> WaitUntilEmptyAsync(
        Session session, ManagementClient client, NodeOrderShape state, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds(session.Parsed.GetValue(Timeout));
        Tell(state.Shards);
        while (state.Shards > 0)
        {
            if (watch.Elapsed > limit)
            {
                Screen.Complain(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{state.Node} still has {state.Shards} shards after {limit.TotalSeconds:0} s; `pbm shards plan` tells what the coordinator would do"));
                return (state, false);
            }

            await Task.Delay(PauseBetweenLooks, TimeProvider.System, cancellation).ConfigureAwait(false);
            var members = await client.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, cancellation).ConfigureAwait(false);
            var mine = members.Members.Where(member => member.Name == state.Node).ToList();
            var shards = mine.Sum(member => member.Shards);
            if (mine.Any(member => member.Order != "drain"))
            {
                Screen.Complain($"the order was taken back meanwhile: {state.Node} is not being drained any more");
                return (state with { Shards = shards, Order = mine[0].Order }, false);
            }

            if (shards != state.Shards)
            {
                Tell(shards);
                state = state with { Shards = shards };
            }
        }

        return (state, true);

        void Tell(int shards) => session.Screen.Progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{TerminalText.Escape(state.Node)} has {shards} shards ({watch.Elapsed.TotalSeconds:0.0} s)"));
    }

    private static void Print(Screen screen, NodeOrderShape state)
    {
        var order = state.Order switch { "drain" => "being drained", "cordon" => "cordoned", null => "open", var other => other };
        screen.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{state.Node} is {order} and has {state.Shards} shards"), state.Order is null ? Color.Green : Color.Yellow);
        if (state.PinsWaiting.Count > 0)
        {
            screen.WriteLine($"pinned to it, but elsewhere until uncordon: {ShardVerbs.Ranges(state.PinsWaiting)}", Color.Yellow);
        }
    }
}
