using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos;

/// <summary>What a run came to.</summary>
/// <param name="Failures">Nemeses that could not be carried out, clusters that did not heal, entities that did not answer.</param>
/// <param name="Skipped">By nemesis why it cannot be done on this machine.</param>
/// <param name="Done">By nemesis how often it was done.</param>
internal sealed record ChaosResult(
    int Seed, Judgement Judgement, IReadOnlyList<string> Failures, IReadOnlyDictionary<string, string> Skipped, IReadOnlyDictionary<string, int> Done,
    string ReportPath, string HistoryPath)
{
    public bool IsClean => Judgement.IsClean && Failures.Count == 0;

    /// <summary>For programs: one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            seed = Seed,
            clean = IsClean,
            counts = Judgement.Counts,
            violations = Judgement.Verdicts.ToDictionary(verdict => verdict.Invariant.ToString(), verdict => verdict.Violations),
            failures = Failures,
            nemeses = Done,
            skipped = Skipped,
            report = ReportPath,
            history = HistoryPath,
        },
        JsonSerializerOptions.Web);

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var counts = Judgement.Counts;
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{counts.Reads} reads, {counts.AcknowledgedWrites} acknowledged commands, {counts.Refused} refused, {counts.Unchanged} without a change, {counts.UnknownWrites} of unknown outcome ({counts.UnknownInJournal} of them in the journal), {counts.FailedReads} reads without an answer");
        foreach (var verdict in Judgement.Verdicts)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{verdict.Invariant,-14} {(verdict.Holds ? "holds" : $"{verdict.Violations} VIOLATIONS"),-14} {verdict.Checked} checked");
        }

        foreach (var finding in Judgement.Findings.Take(20))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"VIOLATION {finding.Invariant} {finding.Entity}: {finding.What}");
        }

        foreach (var failure in Failures)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"FAILURE {failure}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"nemeses: {string.Join(", ", Done.OrderBy(done => done.Key, StringComparer.Ordinal).Select(done => $"{done.Key} {done.Value}"))}");
        foreach (var (nemesis, reason) in Skipped)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"skipped: {nemesis}: {reason}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"report {ReportPath}, history {HistoryPath}");
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}: {(IsClean ? "clean" : "NOT CLEAN")}{(Skipped.Count > 0 ? $", {Skipped.Count} nemeses skipped" : "")}");
        return text.ToString();
    }
}
