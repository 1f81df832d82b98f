using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Backups;

/// <summary>`pbm restore --check`: whether a backup of the embedded store could be used. A node looks through it, any node, and keeps nothing of it.</summary>
internal static class RestoreVerb
{
    private const int MostShown = 20;

    private static readonly Option<string> Check = new("--check") { Description = "The backup to look through; nothing is restored, and the running store is not touched.", HelpName = "file", Required = true };
    private static readonly Option<int> Timeout = NumberOption.Create("--timeout", 600, 1, 86_400, "Seconds to wait until the node has looked through it.");

    public static Command Create(GlobalOptions global)
    {
        var restore = new Command(
            "restore", "With --check: whether a backup of the embedded store is whole: pages, schema, I1 to I3, counts; exit code 1 if not. To restore it, stop all nodes and put it in the store's place.")
        {
            Check, Timeout,
        };
        HelpWithExamples.Register(restore, "pbm restore --check /backups/akkascale-monday.db");
        restore.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return restore;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(session.Parsed.GetRequiredValue(Check));
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file {path}");
        }

        using var client = session.Connect(TimeSpan.FromSeconds(session.Parsed.GetValue(Timeout)));
        var journal = await AskAsync(client, path, cancellation).ConfigureAwait(false);
        var members = File.Exists(path + BackupVerb.MembersSuffix) ? await AskAsync(client, path + BackupVerb.MembersSuffix, cancellation).ConfigureAwait(false) : null;
        var isUsable = journal is { Usable: true, Part: "journal" } && members is null or { Usable: true, Part: "members" };
        var report = new RestoreCheck(path, isUsable, journal, members);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, BackupJson.Default.RestoreCheck);
        }
        else
        {
            Print(session.Screen, report);
        }

        return isUsable ? ExitCode.Ok : ExitCode.Finding;
    }

    private static async Task<BackupCheckShape> AskAsync(ManagementClient client, string file, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.OpenAsync(
                HttpMethod.Post, "/store/check", () => new StreamContent(File.OpenRead(file)) { Headers = { ContentType = new("application/octet-stream") } },
                cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false), BackupJson.Default.BackupCheckShape)
                ?? throw new JsonException("null is not an answer");
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new UsageException($"{file} cannot be read: {problem.Message}");
        }
        catch (JsonException problem)
        {
            throw new NodeUnreachableException($"not an answer of the management API: {problem.Message}");
        }
    }

    private static void Print(Screen screen, RestoreCheck report)
    {
        var journal = report.Journal;
        foreach (var problem in journal.Problems)
        {
            screen.WriteLine($"{report.File}: {problem}", Color.Red);
        }

        if (journal is { Part: "journal", Events: { } events, Entities: { } entities, Snapshots: { } snapshots, Leases: { } leases })
        {
            screen.WriteLine(
                $"{report.File}: {Counted.Of(events, "event")} of {Counted.Of(entities, "entity", "entities")}, {Counted.Of(snapshots, "snapshot")}, {Counted.Of(leases, "lease")}");
            screen.WriteLine(
                $"{Counted.Of(journal.Violations.Count, "violation")} of I1 to I3", journal.Violations.Count == 0 ? Color.Green : Color.Red);
        }
        else if (journal.Part == "members")
        {
            screen.WriteLine($"{report.File}: it holds members and no journal", Color.Red);
        }

        foreach (var violation in journal.Violations.Take(MostShown))
        {
            screen.WriteLine($"  {violation.Invariant} {violation.Entity} {violation.Detail}");
        }

        var beside = report.File + BackupVerb.MembersSuffix;
        screen.WriteLine(report.Members switch
        {
            null => $"{beside} is not there: a restore begins without the cluster's terms, orders, history and audit log",
            { Usable: true, Part: "members" } => $"{beside}: whole",
            { Part: "journal" } => $"{beside}: it holds a journal and no members",
            var other => $"{beside}: {string.Join("; ", other.Problems)}",
        });
        screen.WriteLine(report.Usable ? "it can be used" : "it cannot be used", report.Usable ? Color.Green : Color.Red);
    }
}
