using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Load;
using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Load.Report;
using AkkaScale.Pbm.Terminal;
using AkkaScale.Pbm.Traces;

namespace AkkaScale.Pbm.Load.Run;

/// <summary>`pbm load`</summary>
internal static class LoadVerb
{
    private static readonly Argument<string> Trace = new("trace") { Description = "Activity trace, JSON lines, plain or gzip." };
    private static readonly Option<string[]> Gateways = new("--gateway")
    {
        Description = "Gateways to send to, repeated or comma separated. Default: those of http://127.0.0.1:8080, 8081, 8082 that answer.",
        HelpName = "url",
    };

    private static readonly Option<int> Concurrency = NumberOption.Create("--concurrency", 64, 1, 4096, "Commands in flight at most.");
    private static readonly Option<int?> Limit = new("--limit") { Description = "Replay only the first so many lines.", HelpName = "n" };
    private static readonly Option<int> Deadline = NumberOption.Create("--deadline", 60, 1, 3600, "Seconds to repeat a command before it counts as failed.");
    private static readonly Option<int> AttemptTimeout = NumberOption.Create("--attempt-timeout", 10, 1, 60, "Seconds to wait for one attempt.");
    private static readonly Option<int> MaxFailures = NumberOption.Create("--max-failures", 100, 1, int.MaxValue, "Give up after so many failed commands.");
    private static readonly Option<bool> Verify = new("--verify") { Description = "Read everything back and compare it with the model." };

    public static Command Create(GlobalOptions global)
    {
        var command = new Command("load", "Replay an activity trace through the gateways and account for every answer.")
        {
            Trace, Gateways, Concurrency, Limit, Verify, Deadline, AttemptTimeout, MaxFailures,
        };
        HelpWithExamples.Register(command, "pbm load activity.jsonl.gz --concurrency 64 --verify");
        command.SetAction((parsed, cancellation) => RunAsync(parsed, global, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, GlobalOptions global, CancellationToken cancellation)
    {
        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        var request = new LoadRequest(
            parsed.GetRequiredValue(Trace),
            GatewayAddresses.Parse(parsed.GetValue(Gateways) ?? []),
            parsed.GetValue(Concurrency),
            parsed.GetValue(Limit) ?? int.MaxValue,
            parsed.GetValue(Verify),
            new RetryOptions(TimeSpan.FromSeconds(parsed.GetValue(Deadline)), TimeSpan.FromSeconds(parsed.GetValue(AttemptTimeout))),
            parsed.GetValue(MaxFailures));
        if (request.Limit < 1)
        {
            throw new UsageException("--limit must be at least 1");
        }

        var plan = ReadPlan(request);
        var gateways = await GatewayDiscovery.FindAsync(request.Gateways, cancellation).ConfigureAwait(false);
        if (gateways.Count == 0)
        {
            var tried = request.Gateways.Count > 0 ? request.Gateways : GatewayDiscovery.Defaults;
            Screen.Complain($"no gateway answers; tried {string.Join(", ", tried.Select(gateway => gateway.Authority))}");
            return ExitCode.Unreachable;
        }

        var report = await new LoadRun(request, plan, gateways, screen, TimeProvider.System).RunAsync(cancellation).ConfigureAwait(false);
        if (screen.Json)
        {
            screen.WriteJson(report, LoadReportJson.Default.LoadReport);
        }
        else
        {
            LoadReportPrinter.Print(screen, report);
        }

        return report.Outcome switch
        {
            LoadOutcome.Ok => ExitCode.Ok,
            LoadOutcome.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.Finding,
        };
    }

    private static LoadPlan ReadPlan(LoadRequest request)
    {
        try
        {
            return LoadPlan.From(TraceReader.ReadFile(request.Trace, request.Limit));
        }
        catch (Exception problem) when (problem is TraceFormatException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read {request.Trace}: {problem.Message}");
        }
    }
}
