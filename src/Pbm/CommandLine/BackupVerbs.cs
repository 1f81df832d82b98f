using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using AkkaScale.Pbm.Transfers;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm backup` and `pbm restore`</summary>
internal static class BackupVerbs
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private static readonly Option<string?> Name = new("--name") { Description = "Of the backup's directory; default: the time.", HelpName = "name" };
    private static readonly Option<string?> To = new("--to") { Description = "PostgreSQL: the directory that the base backup shall go to.", HelpName = "directory" };
    private static readonly Option<bool> Check = new("--check") { Description = "Check the store and make it ready: the only way to restore there is; copying is the operator's." };

    public static Command CreateBackup(GlobalOptions global)
    {
        var backup = new Command("backup", "Embedded store: the node copies it while it runs, below its Store:BackupPath. PostgreSQL: the base-backup line, with archive settings checked.")
        {
            Name, To, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(backup, "pbm backup --name before-upgrade");
        backup.SetAction((parsed, cancellation) => BackUpAsync(new Session(parsed, global), cancellation));
        return backup;
    }

    public static Command CreateRestore(GlobalOptions global)
    {
        var restore = new Command("restore", "Checks a restored store that no node runs on (I1 to I3), raises its generation, clears all owners, and says up to when it reaches.") { Check };
        StoreOptions.AddTo(restore);
        HelpWithExamples.Register(restore, "pbm restore --check --store-path /srv/akkascale/store");
        restore.SetAction((parsed, cancellation) => RestoreAsync(new Session(parsed, global), cancellation));
        return restore;
    }

    private static async Task<int> BackUpAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var to = session.Parsed.GetValue(To) is { Length: > 0 } directory ? $"?to={Uri.EscapeDataString(directory)}" : "";
        var status = await client.GetAsync($"/backup{to}", TransferJson.Default.BackupStatus, cancellation).ConfigureAwait(false);
        if (status.Line is not null)
        {
            return PrintLine(session.Screen, status);
        }

        // Only this node: another one would begin a second backup where the first is under way.
        using var patient = session.ConnectTo(client.Current, Patience);
        var body = new BackupBody(session.Parsed.GetValue(Name), session.Parsed.GetValue(OrderOptions.Reason)!, session.Parsed.GetValue(OrderOptions.By)!);
        BackupReport? report = null;
        var reading = status;
        await ProgressDisplay.RunAsync(
            session.Screen, "backup", () => new ProgressReading(reading.DoneBytes, reading.TotalBytes, "bytes"),
            async () =>
            {
                var order = patient.PostAsync("/backup", body, TransferJson.Default.BackupBody, TransferJson.Default.BackupReport, cancellation);
                while (await Task.WhenAny(order, Task.Delay(Interval, TimeProvider.System, cancellation)).ConfigureAwait(false) != order && !cancellation.IsCancellationRequested)
                {
                    reading = await client.GetAsync("/backup", TransferJson.Default.BackupStatus, cancellation).ConfigureAwait(false);
                }

                report = await order.ConfigureAwait(false);
            }).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report!, TransferJson.Default.BackupReport);
        }
        else
        {
            Print(session.Screen, report!);
        }

        return ExitCode.Ok;
    }

    private static int PrintLine(Screen screen, BackupStatus status)
    {
        if (screen.Json)
        {
            screen.WriteJson(status, TransferJson.Default.BackupStatus);
        }
        else
        {
            foreach (var finding in status.Findings)
            {
                screen.WriteLine($"{finding.Severity,-8} {finding.Code}: {finding.Title}. {finding.What} {finding.Consequence}", finding.Severity == "notice" ? null : Color.Yellow);
                screen.WriteLine($"         Mend: {finding.Mend}");
            }

            screen.WriteLine(status.Line!);
        }

        return status.Findings.Any(finding => finding.Severity is "warning" or "critical") ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, BackupReport report)
    {
        screen.WriteLine(report.Directory, Color.Green);
        screen.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"cluster {report.Cluster}, {report.ShardCount} shards, {report.Events:N0} events up to {report.LastEventAt ?? "none"}, {report.Bytes / 1024.0 / 1024.0:N1} MiB in {report.Seconds:0.0} s"));
        screen.WriteLine("restore: copy journal.db and cluster.db into an empty directory, then pbm restore --check --store-path <directory>");
    }

    private static async Task<int> RestoreAsync(Session session, CancellationToken cancellation)
    {
        if (!session.Parsed.GetValue(Check))
        {
            throw new UsageException("copy the backup to its place first, then: pbm restore --check");
        }

        var (arguments, connection) = StoreOptions.Read(session.Parsed);
        var tool = StoreOptions.Tool(session.Parsed);
        var (exitCode, output) = (ExitCode.Fault, "");
        await ProgressDisplay.RunAsync(
            session.Screen, "check", () => Read(tool),
            async () => (exitCode, output) = await tool.RunAsync(["restore-check", .. arguments], connection, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (exitCode is ExitCode.Ok or ExitCode.Finding)
        {
            var report = JsonSerializer.Deserialize(output, TransferJson.Default.RestoreReport)!;
            if (session.Screen.Json)
            {
                session.Screen.WriteJson(report, TransferJson.Default.RestoreReport);
            }
            else
            {
                Print(session.Screen, report);
            }
        }

        return exitCode;
    }

    private static ProgressReading Read(NodeTool tool) => tool.Progress is var (done, all) ? new ProgressReading(done, all, "shards") : default;

    private static void Print(Screen screen, RestoreReport report)
    {
        screen.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"cluster {report.Cluster}, {report.ShardCount} shards, {report.Events:N0} events of {report.Entities:N0} entities"));
        screen.WriteLine($"the last event is of {report.LastEventAt ?? "never"}: what was acknowledged after it is not in this store");
        foreach (var violation in report.Violations)
        {
            screen.WriteLine($"shard {violation.Shard} {violation.Invariant} position {violation.Position} {violation.Entity}: {violation.Detail}", Color.Red);
        }

        screen.WriteLine(
            report.Raised
                ? $"I1 to I3 hold; generation {report.Generation}, no shard has an owner: nodes may start"
                : $"{report.ViolationCount} violations; nothing was changed: restore another copy",
            report.Raised ? Color.Green : Color.Red);
    }
}
