using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Logs;

/// <summary>`pbm log …`: the log of a running node, and its level.</summary>
internal static class LogVerbs
{
    private const int Page = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "critical"];

    private static readonly Argument<string> Node = new("node") { Description = "Its name." };
    private static readonly Option<string> Least = new("--level") { Description = "Only entries of this level and above.", DefaultValueFactory = _ => "information" };
    private static readonly Option<int> Last = NumberOption.Create("--last", 20, 0, 1_000, "Entries that there are already to begin with.");

    private static readonly Argument<string?> Level = new("level")
    {
        Description = "trace, debug, information, warning, error or critical; configured: takes it back; left out: shows what holds.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> For = new("--for") { Description = "How long it holds: 30s, 10m, 2h, at most a day.", HelpName = "time", DefaultValueFactory = _ => "10m" };

    private static readonly Option<string?> Source = new("--source")
    {
        Description = "Of which classes, by the beginning of their names, such as AkkaScale.Sharding or Akka.Cluster. Default: AkkaScale.",
        HelpName = "name",
    };

    public static Command Create(GlobalOptions global)
    {
        LiveNames.CompleteNodes(Node, global);
        Least.AcceptOnlyFromAmong(Levels);
        Level.AcceptOnlyFromAmong([.. Levels, "configured"]);
        var tail = new Command("tail", "Entries of a node's log as they are written, until Ctrl-C; for operators.") { Node, Least, Last };
        HelpWithExamples.Register(tail, "pbm log tail node-2 --level warning --last 50");
        tail.SetAction((parsed, cancellation) => TailAsync(new Session(parsed, global), cancellation));

        var level = new Command("level", "Sets the log level of a running node for a time, after which the configured one holds again.")
        {
            Node, Level, For, Source, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(level, "pbm log level node-2 debug --for 10m");
        level.SetAction((parsed, cancellation) => LevelAsync(new Session(parsed, global), cancellation));
        return new Command("log", "The log of a running node.") { tail, level };
    }

    private static async Task<int> TailAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var (node, least) = (Uri.EscapeDataString(session.Parsed.GetRequiredValue(Node)), session.Parsed.GetValue(Least));
        (string Life, long Nr)? seen = null;
        try
        {
            await Polling.RepeatAsync(Interval, LookAsync, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Told to end.
        }

        return ExitCode.Ok;

        async Task LookAsync()
        {
            var last = session.Parsed.GetValue(Last);
            var query = seen is { } known
                ? string.Create(CultureInfo.InvariantCulture, $"after={known.Nr}&limit={Page}")
                : string.Create(CultureInfo.InvariantCulture, $"limit={Math.Max(1, last)}");
            var log = await client.GetAsync($"/nodes/{node}/log?level={least}&{query}", LogJson.Default.NodeLogShape, cancellation).ConfigureAwait(false);
            if (seen is { } before && before.Life != log.NodeUid)
            {
                Screen.Complain($"{log.Node} was started again");
                seen = (log.NodeUid, 0);
                return;
            }

            if (log.Missed > 0)
            {
                Screen.Complain($"{Counted.Of(log.Missed, "entry was", "entries were")} no longer kept");
            }

            foreach (var entry in seen is null && last == 0 ? [] : log.Entries)
            {
                Print(session.Screen, entry);
            }

            // What is below the level is passed over; where the answer is full there may be more after it.
            seen = (log.NodeUid, seen is not null && log.Entries.Count > 0 ? log.Entries[^1].Nr : seen is null ? log.Latest : seen.Value.Nr);
        }
    }

    private static void Print(Screen screen, LogEntryShape entry)
    {
        if (screen.Json)
        {
            screen.WriteLine(JsonSerializer.Serialize(entry, LineJson.Default.LogEntryShape));
            return;
        }

        var source = entry.Source.StartsWith("AkkaScale.", StringComparison.Ordinal) ? entry.Source["AkkaScale.".Length..] : entry.Source;
        screen.WriteLine(
            $"{entry.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}  {entry.Level,-11}  {source}: {entry.Message}", ColorOf(entry.Level));
        foreach (var line in entry.Exception?.Split('\n') ?? [])
        {
            screen.WriteLine($"    {line.TrimEnd('\r')}");
        }
    }

    private static async Task<int> LevelAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        var path = $"/nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(Node))}/log/level";
        var wanted = parsed.GetValue(Level);
        var duration = Duration.Parse(parsed.GetValue(For)!) is { } time && time <= TimeSpan.FromDays(1)
            ? time
            : throw new UsageException($"{parsed.GetValue(For)} is not a time such as 30s, 10m or 2h, at most a day");
        var level = wanted is null
            ? await client.GetAsync(path, LogJson.Default.LogLevelShape, cancellation).ConfigureAwait(false)
            : await client.PostAsync(
                path,
                new LogLevelBody(
                    wanted == "configured" ? null : wanted, parsed.GetValue(Source), duration.TotalSeconds, parsed.GetValue(OrderOptions.Reason)!,
                    parsed.GetValue(OrderOptions.By)!),
                LogJson.Default.LogLevelBody, LogJson.Default.LogLevelShape, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(level, LogJson.Default.LogLevelShape);
        }
        else
        {
            session.Screen.WriteLine(level.Level is null
                ? $"{level.Node} logs as configured"
                : $"{level.Node} logs {level.Source} from {level.Level} on until {level.Until?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, then as configured");
        }

        return ExitCode.Ok;
    }

    private static Color? ColorOf(string level) => level switch
    {
        "critical" or "error" => Color.Red,
        "warning" => Color.Yellow,
        _ => null,
    };
}
