using System.CommandLine;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster tail`: what happens in the cluster, as it happens.</summary>
internal static class TailVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] Shown = ["type", "at"];

    private static readonly Option<string[]> Type = new("--type")
    {
        Description = "Only these: MemberEvent, ReachabilityEvent, ShardEvent, ClusterDomainEvent, or one by its name. Default: everything.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    public static Command Create(GlobalOptions global)
    {
        var tail = new Command("tail", "Members, shards and changing calls as they come, a line each, until Ctrl-C; goes on at another node when one is lost.") { Type };
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
                await foreach (var one in client.EventsAsync(path, cancellation).ConfigureAwait(false))
                {
                    Print(session.Screen, one.EventType, one.Data);
                }

                Screen.Complain("the stream ended; what happens until it begins again is not told");
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
    }

    /// <summary>With --json the event's own document on a line.</summary>
    private static void Print(Screen screen, string type, string data)
    {
        if (screen.Json)
        {
            screen.WriteLine(data);
            return;
        }

        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        var at = root.TryGetProperty("at", out var time) && time.TryGetDateTimeOffset(out var instant) ? instant.ToLocalTime().ToString("HH:mm:ss.fff", null) : "";
        screen.WriteLine($"{at}  {type}  {Describe(root)}");
    }

    private static string Describe(JsonElement element) => element.ValueKind != JsonValueKind.Object ? "" : string.Join(
        "  ", element.EnumerateObject().Where(member => !Shown.Contains(member.Name)).Select(member => member.Value.ValueKind switch
        {
            JsonValueKind.Object when member.Value.TryGetProperty("name", out var name) => $"{name} {Text(member.Value, "status")}".TrimEnd(),
            JsonValueKind.Array => $"{member.Name} {member.Value.GetArrayLength()}",
            JsonValueKind.Null => $"{member.Name} none",
            _ => $"{member.Name} {member.Value}",
        }));

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
