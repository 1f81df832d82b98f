using AkkaScale.Pbm.Load.Model;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Load.Verify;

namespace AkkaScale.Pbm.Load.Report;

internal static class LoadReportBuilder
{
    public static LoadReport Build(
        LoadRequest request, IReadOnlyList<Uri> gateways, LoadPlan plan, LoadStatistics statistics,
        VerificationResult? verification, bool verificationComplete, string outcome)
    {
        var done = statistics.Acknowledged + statistics.Refused + statistics.Failed + statistics.Skipped;
        var seconds = statistics.Duration.TotalSeconds;
        return new LoadReport(
            outcome,
            request.Trace,
            [.. gateways.Select(gateway => gateway.GetLeftPart(UriPartial.Authority))],
            plan.Actions,
            request.Concurrency,
            Math.Round(seconds, 3),
            seconds > 0 ? Math.Round((statistics.Acknowledged + statistics.Refused) / seconds, 1) : 0,
            new CommandCounts(plan.Commands, statistics.Attempts, statistics.Acknowledged, statistics.Unchanged,
                statistics.Replayed, statistics.Refused, statistics.Failed, statistics.Skipped, plan.Commands - done),
            Refusals(plan, statistics),
            [.. statistics.Retries.OrderByDescending(retry => retry.Value).Select(retry => new RetryCount(retry.Key, retry.Value))],
            Latency(statistics.Latency),
            Pauses(statistics),
            statistics.FirstFailures,
            new FindingList(statistics.Differences, statistics.FirstDifferences),
            verification is null ? null : new VerificationReport(verificationComplete, verification.Entities, verification.Comments,
                verification.Mismatches, verification.FirstMismatches, Math.Round(verification.Duration.TotalSeconds, 3)));
    }

    /// <summary>Both what came and what should have come, so that a missing refusal has a row too.</summary>
    private static List<RefusalCount> Refusals(LoadPlan plan, LoadStatistics statistics) =>
        [.. statistics.Refusals.Keys.Union(plan.ExpectedRefusals.Keys)
            .OrderBy(cause => cause.Code, StringComparer.Ordinal).ThenBy(cause => cause.Step)
            .Select(cause => new RefusalCount(cause.Code, LoadStepNames.Of(cause.Step),
                statistics.Refusals.GetValueOrDefault(cause), plan.ExpectedRefusals.GetValueOrDefault(cause)))];

    private static LatencyReport Latency(LatencyHistogram latency) => new(
        Milliseconds(latency.Percentile(0.5)), Milliseconds(latency.Percentile(0.95)),
        Milliseconds(latency.Percentile(0.99)), Milliseconds(latency.Max));

    private static PauseReport Pauses(LoadStatistics statistics)
    {
        var longest = statistics.Longest;
        return new PauseReport(
            Milliseconds(longest?.Elapsed ?? TimeSpan.Zero), longest?.Command.Entity, longest?.Command.Line,
            longest?.Command.StepName, longest?.Attempts, Milliseconds(statistics.LongestGap));
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
