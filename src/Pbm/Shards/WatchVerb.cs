using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards watch`: moves as they happen.</summary>
internal static class WatchVerb
{
    private const int Page = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private static readonly Option<string?> Region = new("--region") { Description = "Only shards of this region.", HelpName = "kind" };

    public static Command Create(GlobalOptions global)
    {
        Region.CompletionSources.Clear();
        Region.CompletionSources.Add(context => LiveNames.Kinds(context, global));
        var watch = new Command("watch", "Moves as they happen, with how long each took to be handed over, a line each, until Ctrl-C.") { Region };
        HelpWithExamples.Register(watch, "pbm shards watch --region task");
        watch.SetAction((parsed, cancellation) => WatchAsync(new Session(parsed, global), cancellation));
        return watch;
    }

    private static async Task<int> WatchAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var region = session.Parsed.GetValue(Region);
        long? seen = null;
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
            var query = seen is { } nr ? string.Create(CultureInfo.InvariantCulture, $"?after={nr}&limit={Page}") : "";
            var page = await client.GetAsync($"/shards/decisions{query}", PlanJson.Default.DecisionPageShape, cancellation).ConfigureAwait(false);
            if (seen is null && !session.Screen.Json)
            {
                session.Screen.WriteLine("watching; Ctrl-C ends");
            }

            seen = page.Decisions.Count > 0 ? page.Decisions[^1].Nr : seen ?? page.Latest;
            foreach (var decision in page.Decisions.Where(decision => region is null || decision.Region == region))
            {
                session.Screen.WriteLine(session.Screen.Json
                    ? System.Text.Json.JsonSerializer.Serialize(decision, LineJson.Default.DecisionShape)
                    : $"{decision.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}  {decision.Name}  {DecisionText.Line(decision)}");
            }
        }
    }
}
