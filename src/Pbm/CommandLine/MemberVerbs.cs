using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm cluster down` and `pbm cluster leave`: orders about one member.</summary>
internal static class MemberVerbs
{
    private static readonly Argument<string> Member = new("member")
    {
        Description = "Its name, its cluster address (host:port), or its incarnation where a name is not enough.",
        HelpName = "node",
    };

    public static Command CreateDown(GlobalOptions global) => Create(
        global, "down", "Declares a member down, whether or not it runs: its shards are taken over, and a process that runs joins anew.");

    public static Command CreateLeave(GlobalOptions global) => Create(
        global, "leave", "Makes a member hand its shards over, leave and end its process.");

    private static Command Create(GlobalOptions global, string operation, string description)
    {
        var command = new Command(operation, description) { Member };
        HelpWithExamples.Register(command, $"pbm cluster {operation} node-2");
        command.SetAction((parsed, cancellation) => OrderAsync(new Session(parsed, global), operation, cancellation));
        return command;
    }

    private static async Task<int> OrderAsync(Session session, string operation, CancellationToken cancellation)
    {
        var member = session.Parsed.GetRequiredValue(Member);
        using var client = session.Connect();
        var answer = await client.SendAsync(
            HttpMethod.Put, $"/cluster/members/{Uri.EscapeDataString(member)}?operation={operation}", ManagementJson.Default.MemberOrder, cancellation)
            .ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(answer, ManagementJson.Default.MemberOrder);
            return ExitCode.Ok;
        }

        session.Screen.WriteLine(answer.Message, answer.Status == "Down" ? Color.Red : Color.Yellow);
        session.Screen.WriteLine($"{answer.Name} is {answer.NodeUid} at {answer.Node[(answer.Node.IndexOf('@', StringComparison.Ordinal) + 1)..]}");
        if (answer.TakeoverWithinSeconds is { } seconds)
        {
            session.Screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"takeover within {seconds:0.0} s; watch it with pbm shards map"));
        }

        return ExitCode.Ok;
    }
}
