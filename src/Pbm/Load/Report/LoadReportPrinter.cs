using System.Globalization;
using AkkaScale.Pbm.Load.Replay;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Load.Report;

/// <summary>The report for people.</summary>
internal static class LoadReportPrinter
{
    public static void Print(Screen screen, LoadReport report)
    {
        screen.Write(Summary(screen, report));
        if (report.Refusals.Count > 0)
        {
            screen.WriteLine("Refusals");
            screen.Write(Refusals(screen, report));
        }

        if (report.Retries.Count > 0)
        {
            screen.WriteLine("Retries: " + string.Join(", ", report.Retries.Select(retry => $"{retry.Count} × {retry.Reason}")));
        }

        PrintFindings(screen, $"Failed: {report.Commands.Failed}", report.Failures);
        PrintFindings(screen, $"Answers that differ from the model: {report.Differences.Count}", report.Differences.First);
        if (report.Verification is { } verification)
        {
            PrintVerification(screen, verification);
        }

        screen.WriteLine($"Outcome: {report.Outcome}", report.Outcome == LoadOutcome.Ok ? Color.Green : Color.Red);
    }

    private static Table Summary(Screen screen, LoadReport report)
    {
        var counts = report.Commands;
        var table = screen.NewTable("load", "");
        Row(screen, table, "actions", Number(report.Actions));
        Row(screen, table, "commands", Number(counts.Planned));
        Row(screen, table, "attempts", Number(counts.Attempts));
        Row(screen, table, "acknowledged", $"{Number(counts.Acknowledged)} ({Number(counts.Unchanged)} unchanged, {Number(counts.Replayed)} answers replayed)");
        Row(screen, table, "refused", Number(counts.Refused));
        Row(screen, table, "failed", Number(counts.Failed));
        if (counts.Skipped + counts.NotSent > 0)
        {
            Row(screen, table, "skipped", $"{Number(counts.Skipped)} after a failure, {Number(counts.NotSent)} not sent");
        }

        Row(screen, table, "duration", Text($"{report.DurationSeconds:0.0} s, {report.Concurrency} side by side, {Counted.Of(report.Gateways.Count, "gateway")}"));
        Row(screen, table, "throughput", Text($"{report.CommandsPerSecond:N0} commands/s"));
        Row(screen, table, "latency", Text($"p50 {report.Latency.P50:0.0}  p95 {report.Latency.P95:0.0}  p99 {report.Latency.P99:0.0}  max {report.Latency.Max:0.0} ms"));
        Row(screen, table, "longest command", LongestCommand(report.Pauses));
        Row(screen, table, "longest gap", Text($"{report.Pauses.LongestGap:0.0} ms without any answer"));
        return table;
    }

    private static string LongestCommand(PauseReport pauses) => pauses.Entity is null
        ? "-"
        : Text($"{pauses.LongestCommand:0.0} ms: line {pauses.Line}, {pauses.Step} of {pauses.Entity}, {Counted.Of(pauses.Attempts ?? 0, "attempt")}");

    private static Table Refusals(Screen screen, LoadReport report)
    {
        var table = screen.NewTable("code", "step", "count", "expected");
        foreach (var refusal in report.Refusals)
        {
            Color? color = refusal.Count == refusal.Expected ? null : Color.Red;
            table.AddRow(screen.Cell(refusal.Code), screen.Cell(refusal.Step),
                screen.Cell(Number(refusal.Count), color), screen.Cell(Number(refusal.Expected)));
        }

        return table;
    }

    private static void PrintFindings(Screen screen, string title, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        screen.WriteLine(title, Color.Red);
        foreach (var finding in findings)
        {
            screen.WriteLine($"  line {finding.Line}, {finding.Step} of {finding.Entity}: {finding.Problem}");
        }
    }

    private static void PrintVerification(Screen screen, VerificationReport verification)
    {
        var extent = verification.Complete ? "" : " (not complete)";
        screen.WriteLine(Text($"Read back: {Counted.Of(verification.Entities, "entity", "entities")}, {Counted.Of(verification.Comments, "comment")} in {verification.DurationSeconds:0.0} s{extent}; {Counted.Of(verification.Mismatches, "mismatch", "mismatches")}"),
            verification.Mismatches == 0 ? null : Color.Red);
        foreach (var mismatch in verification.First)
        {
            screen.WriteLine($"  {mismatch.Entity} {mismatch.Field}: expected {mismatch.Expected}, read {mismatch.Actual}");
        }
    }

    private static void Row(Screen screen, Table table, string name, string value) => table.AddRow(screen.Cell(name), screen.Cell(value));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
