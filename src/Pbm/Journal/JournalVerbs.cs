using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Journal;

/// <summary>`pbm journal …`</summary>
internal static class JournalVerbs
{
    private static readonly TimeSpan ShardTimeout = TimeSpan.FromMinutes(5);
    private static readonly Option<int> Concurrency = NumberOption.Create("--concurrency", 4, 1, 64, "Shards checked at the same time.");

    public static Command Create(GlobalOptions global)
    {
        var verify = new Command("verify", "Check the whole journal: I1 acknowledged events, I2 sequence and epochs, I3 owners; exit code 1 on any violation.")
        {
            Concurrency,
        };
        HelpWithExamples.Register(verify, "pbm journal verify --concurrency 8");
        verify.SetAction((parsed, cancellation) => VerifyAsync(new Session(parsed, global), cancellation));
        return new Command("journal", "The journal of all shards.") { JournalStatsVerb.Create(global), verify };
    }

    private static async Task<int> VerifyAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect(ShardTimeout);
        var verifier = new JournalVerifier(client, session.Parsed.GetValue(Concurrency), TimeProvider.System);
        var interrupted = false;
        try
        {
            await ProgressDisplay.RunAsync(session.Screen, "verify", () => Read(verifier), () => verifier.RunAsync(cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            interrupted = true;
        }

        var summary = verifier.Summary();
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(summary, ManagementJson.Default.JournalVerification);
        }
        else
        {
            Print(session.Screen, summary);
        }

        return interrupted ? ExitCode.Interrupted : summary.ViolationCount > 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    private static ProgressReading Read(JournalVerifier verifier) => new(verifier.ShardsRead, verifier.ShardCount, "shards");

    private static void Print(Screen screen, JournalVerification summary)
    {
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{summary.ShardsRead:N0} of {Counted.Of(summary.ShardCount, "shard")}, {Counted.Of(summary.Events, "event")} of {Counted.Of(summary.Entities, "entity", "entities")} in {summary.DurationSeconds:0.0} s{(summary.Complete ? "" : ", not complete")}"));
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(summary.ViolationCount, "violation")} ({string.Join(", ", summary.ByInvariant.Select(one => $"{one.Key}: {one.Value}"))})"),
            summary.ViolationCount == 0 ? Color.Green : Color.Red);
        if (summary.Violations.Count == 0)
        {
            return;
        }

        var table = screen.NewTable("shard", "invariant", "entity", "detail");
        foreach (var violation in summary.Violations)
        {
            table.AddRow(
                screen.Cell(new ShardName(violation.Region, violation.Shard).ToString()), screen.Cell(violation.Invariant),
                screen.Cell(violation.Entity), screen.Cell(violation.Detail));
        }

        screen.Write(table);
    }
}
