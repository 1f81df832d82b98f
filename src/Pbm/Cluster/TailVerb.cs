using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster tail`: what happens in the cluster, as it happens.</summary>
internal static class TailVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Option<string[]> Type = new("--type")
    {
        Description = "Only these: MemberEvent, ReachabilityEvent, ShardEvent, ClusterDomainEvent, or one by its name. Default: everything.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Every home of a shard that changes, a line each; else those of one second are summed up." };

    public static Command Create(GlobalOptions global)
    {
        var tail = new Command("tail", "Members, shards and changing calls as they come, until Ctrl-C, homes of shards summed up each second; goes on at another node when one is lost.") { Type, Verbose };
        HelpWithExamples.Register(tail, "pbm cluster tail --type MemberEvent");
        tail.SetAction((parsed, cancellation) => TailAsync(new Session(parsed, global), cancellation));
        return tail;
    }

    private static async Task<int> TailAsync(Session session, CancellationToken cancellation)
    {
        var types = session.Parsed.GetValue(Type) is { Length: > 0 } named ? named : ["*"];
        var path = "/cluster/domain-events?" + string.Join('&', types.Select(type => $"type={Uri.EscapeDataString(type)}"));
        using var client = session.Connect();
        try
        {
            while (true)
            {
                await PrintAsync(session, client.EventsAsync(path, cancellation), cancellation).ConfigureAwait(false);

                Screen.Complain("the stream ended; what happens until it begins again is not told");
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }

    /// <summary>Until the events end. With --json each event's own document on a line.</summary>
    private static async Task PrintAsync(Session session, IAsyncEnumerable<SseItem<string>> events, CancellationToken cancellation)
    {
        var (screen, lines, time) = (session.Screen, new TailLines(session.Parsed.GetValue(Verbose)), TimeProvider.System);
        await using var each = events.GetAsyncEnumerator(cancellation);
        var next = each.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (lines.Due is { } due && due - time.GetUtcNow() is var left)
                {
                    await Task.WhenAny(next, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellation)).ConfigureAwait(false);
                    if (!next.IsCompleted)
                    {
                        Write(screen, lines.Flush());
                        continue;
                    }
                }

                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                var one = each.Current;
                if (screen.Json)
                {
                    screen.WriteLine(one.Data);
                }
                else
                {
                    using var document = JsonDocument.Parse(one.Data);
                    Write(screen, lines.Add(one.EventType, document.RootElement, time.GetUtcNow()));
                }

                next = each.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            Write(screen, lines.Flush());
            await Task.WhenAny(next).ConfigureAwait(false);
        }
    }

    private static void Write(Screen screen, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            screen.WriteLine(line);
        }
    }
}
