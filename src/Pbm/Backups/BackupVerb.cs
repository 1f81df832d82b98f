using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Backups;

/// <summary>`pbm backup`: of the embedded store a copy while it is in use, of PostgreSQL the lines to type.</summary>
internal static class BackupVerb
{
    /// <summary>What a store has beside its journal: the cluster's terms, members, orders, the audit log.</summary>
    public const string MembersSuffix = ".members";

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private static readonly Argument<string> Name = new("file") { Description = "Where to; it must not be there yet. The cluster's members go beside it, as file.members." };
    private static readonly Option<int> Timeout = NumberOption.Create("--timeout", 600, 1, 86_400, "Seconds to wait until the node has made its copy.");

    public static Command Create(GlobalOptions global)
    {
        var backup = new Command(
            "backup", "Copies the embedded store while nodes run, to a file here; for PostgreSQL prints the lines to type and checks its settings (exit code 1: nothing is copied).")
        {
            Name, Timeout, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(backup, "pbm backup /backups/akkascale-monday.db");
        backup.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return backup;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(session.Parsed.GetRequiredValue(Name));
        if (new[] { path, path + MembersSuffix }.FirstOrDefault(Path.Exists) is { } there)
        {
            throw new UsageException($"{there} is there already: name another file");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new UsageException($"there is no directory {Path.GetDirectoryName(path)}");
        }

        using var client = session.Connect(TimeSpan.FromSeconds(session.Parsed.GetValue(Timeout)));
        var advice = await client.GetAsync("/store/backup", BackupJson.Default.BackupAdviceShape, cancellation).ConfigureAwait(false);
        if (advice.Lines.Count > 0)
        {
            Print(session.Screen, advice);
            return ExitCode.Finding;
        }

        var began = Stopwatch.GetTimestamp();
        using var journal = new BackupFile(path);
        using var members = new BackupFile(path + MembersSuffix);
        try
        {
            // The journal first: every process that it knows is among the members that are copied after it.
            await CopyAsync(session, client, "journal", journal, cancellation).ConfigureAwait(false);
            await CopyAsync(session, client, "members", members, cancellation).ConfigureAwait(false);
            members.Name();
            journal.Name();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            Screen.Complain($"there is no backup: {failure.Message}");
            return ExitCode.Finding;
        }

        var report = new BackupReport(
            advice.Store, journal.Path, journal.Bytes, members.Path, members.Bytes, Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1));
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, BackupJson.Default.BackupReport);
        }
        else
        {
            session.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{report.File}: {report.Bytes:N0} bytes, and {report.MembersBytes:N0} in {report.MembersFile}, in {report.DurationSeconds:0.0} s"), Color.Green);
            session.Screen.WriteLine($"whether it is whole: pbm restore --check {report.File}");
        }

        return ExitCode.Ok;
    }

    private static async Task CopyAsync(Session session, ManagementClient client, string part, BackupFile file, CancellationToken cancellation)
    {
        var (done, total) = (0L, 0L);
        await ProgressDisplay.RunAsync(
            session.Screen, $"backup of {part}",
            () => new ProgressReading(Interlocked.Read(ref done), Interlocked.Read(ref total), Interlocked.Read(ref total) == 0 ? "the node copies" : "bytes"),
            async () =>
            {
                var order = JsonSerializer.SerializeToUtf8Bytes(
                    new BackupBody(part, session.Parsed.GetValue(OrderOptions.Reason)!, session.Parsed.GetValue(OrderOptions.By)!),
                    BackupJson.Default.BackupBody);
                using var response = await client.OpenAsync(
                    HttpMethod.Post, "/store/backup", () => new ByteArrayContent(order) { Headers = { ContentType = new("application/json") } },
                    cancellation).ConfigureAwait(false);
                Interlocked.Exchange(ref total, response.Content.Headers.ContentLength ?? 0);
                var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
                await file.FillAsync(body, Silence, bytes => Interlocked.Exchange(ref done, bytes), cancellation).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    private static void Print(Screen screen, BackupAdviceShape advice)
    {
        if (screen.Json)
        {
            screen.WriteJson(advice, BackupJson.Default.BackupAdviceShape);
            return;
        }

        screen.WriteLine("the store is PostgreSQL, whose own tools back it up; type one of these:");
        foreach (var line in advice.Lines)
        {
            screen.WriteLine($"  {line}");
        }

        var table = screen.NewTable("setting", "value", "", "for a backup");
        foreach (var setting in advice.Settings)
        {
            table.AddRow(
                screen.Cell(setting.Name), screen.Cell(setting.Value), screen.Cell(setting.Word, setting.Word == "wrong" ? Color.Red : setting.Word == "notice" ? Color.Yellow : null),
                screen.Cell(setting.Says));
        }

        screen.Write(table);
    }
}
