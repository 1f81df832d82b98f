using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster down` and `pbm cluster leave`: orders about one member.</summary>
internal static class MemberVerbs
{
    private static readonly Argument<string> Member = new("member")
    {
        Description = "Its name, its cluster address (host:port), or its incarnation where a name is not enough.",
        HelpName = "node",
    };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask." };

    public static Command CreateDown(GlobalOptions global) => Create(
        global, "down", "Declares a member down, whether or not it runs: its shards are taken over, and a process that runs joins anew.");

    public static Command CreateLeave(GlobalOptions global) => Create(
        global, "leave", "Makes a member hand its shards over, leave and end its process.");

    public static Command CreateDownUnreachable(GlobalOptions global)
    {
        var command = new Command("down-unreachable", "Declares every member down that another member cannot reach; asks before it does.") { Yes };
        HelpWithExamples.Register(command, "pbm cluster down-unreachable --yes");
        command.SetAction((parsed, cancellation) => DownUnreachableAsync(new Session(parsed, global), cancellation));
        return command;
    }

    private static Command Create(GlobalOptions global, string operation, string description)
    {
        var command = new Command(operation, description) { Member };
        LiveNames.CompleteNodes(Member, global);
        HelpWithExamples.Register(command, $"pbm cluster {operation} node-2");
        command.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), operation, cancellation));
        return command;
    }

    private static async Task<int> OrderAsync(Session session, string operation, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var answer = await OrderAsync(client, session.Parsed.GetRequiredValue(Member), operation, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(answer, ManagementJson.Default.MemberOrder);
        }
        else
        {
            Print(session.Screen, answer);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> DownUnreachableAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var members = await client.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, cancellation).ConfigureAwait(false);
        var unreachable = members.Unreachable.Where(node => node.Node != members.SelfNode).ToList();
        if (unreachable.Count > 0 && !session.Parsed.GetValue(Yes)
            && !session.Screen.Confirm($"declare down: {string.Join(", ", unreachable.Select(node => $"{node.Node} (not reached by {string.Join(", ", node.ObservedBy)})"))}?"))
        {
            Screen.Complain("nothing was done: say yes, or give --yes");
            return ExitCode.Usage;
        }

        var orders = new List<MemberOrder>();
        foreach (var node in unreachable)
        {
            orders.Add(await OrderAsync(client, node.Node, "down", cancellation).ConfigureAwait(false));
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(new MemberOrders(orders), ShellJson.Default.MemberOrders);
        }
        else if (orders.Count == 0)
        {
            session.Screen.WriteLine("every member reaches every other");
        }
        else
        {
            orders.ForEach(order => Print(session.Screen, order));
        }

        return ExitCode.Ok;
    }

    private static Task<MemberOrder> OrderAsync(ManagementClient client, string member, string operation, CancellationToken cancellation) => client.SendAsync(
        HttpMethod.Put, $"/cluster/members/{Uri.EscapeDataString(member)}?operation={operation}", ManagementJson.Default.MemberOrder, cancellation);

    private static void Print(Screen screen, MemberOrder answer)
    {
        screen.WriteLine(answer.Message, answer.Status == "Down" ? Color.Red : Color.Yellow);
        screen.WriteLine($"{answer.Name} is {answer.NodeUid} at {answer.Node[(answer.Node.IndexOf('@', StringComparison.Ordinal) + 1)..]}");
        if (answer.TakeoverWithinSeconds is { } seconds)
        {
            screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"takeover within {seconds:0.0} s; watch it with pbm shards map --watch"));
        }
    }
}
