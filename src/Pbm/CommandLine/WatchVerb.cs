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
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(GlobalOptions global)
    {
        var watch = new Command("watch", "Shards as they are told to move and as they arrive, a line each, until Ctrl-C.");
        HelpWithExamples.Register(watch, "pbm shards watch");
        watch.SetAction((parsed, cancellation) => WatchAsync(new Session(parsed, global), cancellation));
        return watch;
    }

    private static async Task<int> WatchAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var map = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        var watch = new ShardWatch(map);
        Screen.Complain(string.Create(CultureInfo.InvariantCulture, $"watching {map.ShardCount} shards; Ctrl-C ends"));
        try
        {
            await FollowEventsAsync(session.Screen, client, watch, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    }

    private static async Task FollowEventsAsync(Screen screen, ManagementClient client, ShardWatch watch, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await foreach (var one in client.EventsAsync("/cluster/domain-events?type=ShardEvent", cancellation).ConfigureAwait(false))
                {
                    if (one.EventType == "CurrentClusterState")
                    {
                        // What happened before the stream began, or between two of them.
                        await LookAsync(screen, client, watch, cancellation).ConfigureAwait(false);
                    }
                    else if (watch.Take(one.EventType, one.Data) is { } change)
                    {
                        Print(screen, change);
                    }
                }

                Screen.Complain("the stream ended; looking for another node");
            }
            catch (NodeUnreachableException unreachable)
            {
                Screen.Complain(unreachable.Message);
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task LookAsync(Screen screen, ManagementClient client, ShardWatch watch, CancellationToken cancellation)
    {
        var now = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        foreach (var change in watch.Look(now, Now()))
        {
            Print(screen, change);
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
