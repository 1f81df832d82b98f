using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Cluster;
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
        var audit = new Command("audit", "Who changed what through the management API, and who was not let; with the deaths of nodes in the last day; latest first.") { Limit, Before };
        HelpWithExamples.Register(audit, "pbm audit --limit 20");
        audit.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return audit;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var log = await ReadAsync(client, session, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(log, AuditJson.Default.AuditLog);
        }
        else
        {
            Print(session.Screen, log, await DeathsAsync(client, session, log, cancellation).ConfigureAwait(false));
        }

        return ExitCode.Ok;
    }

    private static async Task<AuditLog> ReadAsync(ManagementClient client, Session session, CancellationToken cancellation)
    {
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

    /// <summary>Those that belong among the rows shown: nobody asked for a death, but who reads what was done looks for it here.</summary>
    private static async Task<IReadOnlyList<IncarnationShape>> DeathsAsync(
        ManagementClient client, Session session, AuditLog log, CancellationToken cancellation)
    {
        var deaths = await RecentDeaths.ReadAsync(client, cancellation).ConfigureAwait(false);
        var (latest, earliest) = (session.Parsed.GetValue(Before) is null ? null : Moment(log.Entries.FirstOrDefault()), log.Next is null ? null : Moment(log.Entries.LastOrDefault()));
        return [.. deaths.Where(death => (latest is null || RecentDeaths.Moment(death) <= latest) && (earliest is null || RecentDeaths.Moment(death) >= earliest))];
    }

    private static DateTimeOffset? Moment(AuditEntry? entry) => entry is not null && DateTimeOffset.TryParse(entry.At, null, out var at) ? at : null;

    private static void Print(Screen screen, AuditLog log, IReadOnlyList<IncarnationShape> deaths)
    {
        if (log.Entries.Count == 0 && deaths.Count == 0)
        {
            screen.WriteLine("nobody has changed anything, nor tried to");
            return;
        }

        var table = screen.NewTable("nr", "at", "who", "from", "call", "outcome", "why");
        var left = new Queue<IncarnationShape>(deaths);
        foreach (var entry in log.Entries)
        {
            AddDeaths(screen, table, left, since: Moment(entry));
            table.AddRow(
                screen.Cell(Number(entry.Nr)), screen.Cell(entry.At), screen.Cell(entry.By.Length == 0 ? entry.Who : $"{entry.Who} (by {entry.By})"),
                screen.Cell(entry.Remote), screen.Cell(Call(entry)), screen.Cell(Outcome(entry), ColorOf(entry)), screen.Cell(entry.Why));
        }

        AddDeaths(screen, table, left, since: null);
        screen.Write(table);
        if (log.Next is { } next)
        {
            screen.WriteLine($"there are more: --before {Number(next)}");
        }
    }

    private static void AddDeaths(Screen screen, Table table, Queue<IncarnationShape> deaths, DateTimeOffset? since)
    {
        while (deaths.TryPeek(out var death) && (since is null || RecentDeaths.Moment(death) >= since))
        {
            deaths.Dequeue();
            table.AddRow(
                screen.Cell(""), screen.Cell(death.EndedAt), screen.Cell("the cluster"), screen.Cell(""), screen.Cell($"{death.Name} declared dead"),
                screen.Cell("died", Color.Red), screen.Cell(RecentDeaths.Why(death)));
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
