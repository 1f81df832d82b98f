using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Audit;

/// <summary>`pbm audit`</summary>
internal static class AuditVerbs
{
    private const int LargestPage = 1_000;

    private static readonly Option<int> Limit = NumberOption.Create("--limit", 50, 1, 100_000, "Rows at most, the latest first.");
    private static readonly Option<long?> Before = new("--before") { Description = "Only rows with lesser numbers, to go back." };

    public static Command Create(GlobalOptions global)
    {
        var audit = new Command("audit", "Who changed what through the management API, and who was not let; latest first.") { Limit, Before };
        HelpWithExamples.Register(audit, "pbm audit --limit 20");
        audit.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return audit;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        var log = await ReadAsync(session, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(log, AuditJson.Default.AuditLog);
        }
        else
        {
            Print(session.Screen, log);
        }

        return ExitCode.Ok;
    }

    private static async Task<AuditLog> ReadAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var (wanted, before) = (session.Parsed.GetValue(Limit), session.Parsed.GetValue(Before));
        var entries = new List<AuditEntry>();
        do
        {
            var from = before is { } nr ? string.Create(CultureInfo.InvariantCulture, $"&before={nr}") : "";
            var path = string.Create(CultureInfo.InvariantCulture, $"/audit?limit={Math.Min(LargestPage, wanted - entries.Count)}{from}");
            var page = await client.GetAsync(path, AuditJson.Default.AuditLog, cancellation).ConfigureAwait(false);
            entries.AddRange(page.Entries);
            before = page.Next;
        }
        while (before is not null && entries.Count < wanted);
        return new AuditLog(entries, before);
    }

    private static void Print(Screen screen, AuditLog log)
    {
        if (log.Entries.Count == 0)
        {
            screen.WriteLine("nobody has changed anything, nor tried to");
            return;
        }

        var table = screen.NewTable("nr", "at", "who", "from", "call", "outcome", "why");
        foreach (var entry in log.Entries)
        {
            table.AddRow(
                screen.Cell(Number(entry.Nr)), screen.Cell(entry.At), screen.Cell(entry.By.Length == 0 ? entry.Who : $"{entry.Who} (by {entry.By})"),
                screen.Cell(entry.Remote), screen.Cell(Call(entry)), screen.Cell(Outcome(entry), ColorOf(entry)), screen.Cell(entry.Why));
        }

        screen.Write(table);
        if (log.Next is { } next)
        {
            screen.WriteLine($"there are more: --before {Number(next)}");
        }
    }

    private static string Call(AuditEntry entry) =>
        entry.Action.Length == 0 ? $"{entry.Method} {entry.Path}" : $"{entry.Method} {entry.Action} {entry.Target}".TrimEnd();

    private static string Outcome(AuditEntry entry) => entry.Status is { } status ? $"{entry.Outcome} {Number(status)}" : entry.Outcome;

    private static Color? ColorOf(AuditEntry entry) => entry.Outcome switch
    {
        "denied" => Color.Red,
        "failed" or "unknown" => Color.Yellow,
        _ => null,
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
