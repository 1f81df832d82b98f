using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using AkkaScale.Pbm.Transfers;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm journal export` and `pbm journal import`</summary>
internal static class ExportVerbs
{
    private static readonly Argument<string> File = new("file") { Description = "JSON lines; compressed if the name ends in .gz." };
    private static readonly Option<int?> Shards = new("--shards") { Description = "Shards of the new store; default: as exported.", HelpName = "n" };
    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Name of the new cluster; default: as exported.", HelpName = "name" };

    public static Command CreateExport(GlobalOptions global)
    {
        var export = new Command("export", "Writes every event and stored answer to a file, as of one moment, while the cluster runs.") { File };
        HelpWithExamples.Register(export, "pbm journal export journal.jsonl.gz");
        export.SetAction((parsed, cancellation) => ExportAsync(new Session(parsed, global), cancellation));
        return export;
    }

    public static Command CreateImport(GlobalOptions global)
    {
        var import = new Command("import", "Writes an export into an empty store that no node runs on, also with another number of shards.") { File, Shards, Cluster };
        StoreOptions.AddTo(import);
        HelpWithExamples.Register(import, "pbm journal import journal.jsonl.gz --store-path /srv/akkascale/new --shards 64");
        import.SetAction((parsed, cancellation) => ImportAsync(new Session(parsed, global), cancellation));
        return import;
    }

    private static async Task<int> ExportAsync(Session session, CancellationToken cancellation)
    {
        var path = session.Parsed.GetRequiredValue(File);
        if (System.IO.File.Exists(path))
        {
            throw new UsageException($"{path} is there already: choose another name");
        }

        using var client = session.Connect();
        var export = new ExportFile(path, TimeProvider.System);
        try
        {
            await ProgressDisplay.RunAsync(
                session.Screen, "export", () => new ProgressReading(export.ShardsDone, export.ShardCount, string.Create(CultureInfo.InvariantCulture, $"shards, {export.Lines:N0} rows")),
                () => export.RunAsync(client, cancellation)).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {problem.Message}");
        }

        var report = export.Report!;
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, TransferJson.Default.ExportReport);
        }
        else
        {
            session.Screen.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.File}: cluster {report.Cluster}, {report.ShardCount} shards, as of {report.At}: {report.Events:N0} events, {report.Results:N0} answers without one in {report.Seconds:0.0} s"),
                Color.Green);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ImportAsync(Session session, CancellationToken cancellation)
    {
        var path = session.Parsed.GetRequiredValue(File);
        if (!System.IO.File.Exists(path))
        {
            throw new UsageException($"there is no file {path}");
        }

        var (arguments, connection) = StoreOptions.Read(session.Parsed);
        var tool = StoreOptions.Tool(session.Parsed);
        List<string> all = ["import-journal", "--file", Path.GetFullPath(path), .. arguments];
        if (session.Parsed.GetValue(Shards) is { } shards)
        {
            all.AddRange(["--shards", shards.ToString(CultureInfo.InvariantCulture)]);
        }

        if (session.Parsed.GetValue(Cluster) is { Length: > 0 } cluster)
        {
            all.AddRange(["--cluster", cluster]);
        }

        var (exitCode, output) = (ExitCode.Fault, "");
        await ProgressDisplay.RunAsync(
            session.Screen, "import", () => BackupVerbs.Read(tool, "rows"),
            async () => (exitCode, output) = await tool.RunAsync(all, connection, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (exitCode == ExitCode.Ok)
        {
            var report = JsonSerializer.Deserialize(output, TransferJson.Default.ImportReport)!;
            if (session.Screen.Json)
            {
                session.Screen.WriteJson(report, TransferJson.Default.ImportReport);
            }
            else
            {
                session.Screen.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"cluster {report.Cluster}, {report.ShardCount} shards (from {report.FromCluster}, {report.FromShardCount}, as of {report.ExportedAt}): {report.Events:N0} events of {report.Entities:N0} entities in {report.Seconds:0.0} s; nodes may start"),
                    Color.Green);
            }
        }

        return exitCode;
    }
}
