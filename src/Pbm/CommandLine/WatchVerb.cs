using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Steering;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm shards watch`</summary>
internal static class WatchVerb
{
    private static readonly Option<int> Interval = LoadVerb.Number("--interval", 500, 50, 60_000, "Milliseconds between two looks.");

    public static Command Create(GlobalOptions global)
    {
        var watch = new Command("watch", "Shards as they are told to move and as they arrive, a line each, until Ctrl-C.") { Interval };
        HelpWithExamples.Register(watch, "pbm shards watch");
        watch.SetAction((parsed, cancellation) => WatchAsync(new Session(parsed, global), cancellation));
        return watch;
    }

    private static async Task<int> WatchAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var before = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        Screen.Complain(string.Create(CultureInfo.InvariantCulture, $"watching {before.ShardCount} shards; Ctrl-C ends"));
        var isSilent = false;
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(session.Parsed.GetValue(Interval)), TimeProvider.System, cancellation).ConfigureAwait(false);
                try
                {
                    var now = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
                    foreach (var change in ShardWatch.Changes(before, now, Now()))
                    {
                        Print(session.Screen, change);
                    }

                    (before, isSilent) = (now, false);
                }
                catch (NodeUnreachableException unreachable)
                {
                    // A watch outlives the nodes it asks; what happened meanwhile is seen afterwards.
                    if (!isSilent)
                    {
                        Screen.Complain(unreachable.Message);
                    }

                    isSilent = true;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static void Print(Screen screen, ShardChange change)
    {
        if (screen.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(change, LineJson.Default.ShardChange));
            return;
        }

        var number = change.Shard.ToString(CultureInfo.InvariantCulture);
        var epoch = change.Epoch.ToString(CultureInfo.InvariantCulture);
        if (change.Type == "ShardTargetChanged")
        {
            screen.WriteLine($"{change.At}  shard {number} belongs on {change.To ?? "no node"}: {change.Reason}", Color.Yellow);
        }
        else
        {
            screen.WriteLine(
                $"{change.At}  shard {number} {change.From ?? "nobody"} -> {change.To ?? "nobody"}, epoch {epoch}, {change.Reason}",
                change.To is null ? Color.Red : Color.Green);
        }
    }

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
