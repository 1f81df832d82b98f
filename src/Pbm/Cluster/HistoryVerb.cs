using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using Spectre.Console;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster history`: what became of each process.</summary>
internal static class HistoryVerb
{
    private static readonly Option<int> Limit = NumberOption.Create("--limit", 50, 1, 1_000, "Processes at most, the latest first.");

    public static Command Create(GlobalOptions global)
    {
        var history = new Command("history", "Every start of a node's process, and when and why it ended; latest first.") { Limit };
        HelpWithExamples.Register(history, "pbm cluster history --limit 20");
        history.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return history;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/cluster/history?limit={session.Parsed.GetValue(Limit)}");
        var history = await session.GetAsync(path, ManagementJson.Default.MemberHistory, cancellation).ConfigureAwait(false);
        var screen = session.Screen;
        if (screen.Json)
        {
            screen.WriteJson(history, ManagementJson.Default.MemberHistory);
            return ExitCode.Ok;
        }

        var table = screen.NewTable("started", "name", "incarnation", "state", "ended", "why");
        foreach (var one in history.Incarnations)
        {
            table.AddRow(
                screen.Cell(one.StartedAt), screen.Cell(one.Name), screen.Cell(one.NodeUid), screen.Cell(one.State, ColorOf(one.State)),
                screen.Cell(one.EndedAt ?? ""), screen.Cell(one.Reason ?? ""));
        }

        screen.Write(table);
        return ExitCode.Ok;
    }

    private static Color? ColorOf(string state) => state switch
    {
        "live" => Color.Green,
        "left" => null,
        _ => Color.Red,
    };
}
