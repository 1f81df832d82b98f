using static AkkaScale.Tests.Verdict.Report.Markup;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>The report from top to bottom: the verdict first, then what the run looked like, then everything that went wrong.</summary>
internal sealed class Page(TextWriter writer, History history, Judgement judgement)
{
    private const int ShownFindings = 25;

    private readonly Timeline _timeline = new(history);
    private readonly Fault[] _faults = [.. judgement.Faults.Select(outcome => outcome.Fault)];

    public void Write()
    {
        var title = $"{history.Run.Store}, {history.Run.Nodes} nodes, seed {history.Run.Seed}";
        writer.Write($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title>\n<style>\n{PageStyle.Css}\n</style></head><body>\n");
        Head(title);
        Verdicts();
        Run();
        Faults();
        Operations();
        Findings();
        writer.Write("</body></html>\n");
    }

    private void Head(string title)
    {
        var violations = judgement.Verdicts.Sum(verdict => verdict.Violations);
        var badge = judgement.IsClean ? "<span class=\"badge\">all invariants hold</span>" : $"<span class=\"badge no\">{Count(violations)} {(violations == 1 ? "violation" : "violations")}</span>";
        writer.Write($"<div class=\"lead\"><h1>{Text(title)}</h1>{badge}</div>\n");
        writer.Write($"<p class=\"meta\">{Count(history.Operations.Count)} operations of {history.Run.Clients} clients on {Count(history.Run.Entities)} entities in {Moment.Span(history.End)}; ");
        writer.Write($"{Count(history.Journal.Count)} events in the journal; {history.Faults.Count} faults. Started {Text(history.Run.StartedAt)}.</p>\n");
    }

    private void Verdicts()
    {
        writer.Write("<div class=\"verdicts\">\n");
        foreach (var verdict in judgement.Verdicts)
        {
            var (name, promise) = InvariantText.Of(verdict.Invariant);
            var (css, outcome) = verdict switch
            {
                { Holds: false } => ("no", $"<span class=\"no\">{Count(verdict.Violations)} violated</span>, {Count(verdict.Checked)} checked"),
                { Checked: 0 } => ("idle", "nothing to check"),
                _ => ("yes-card", $"<span class=\"yes\">holds</span>, {Count(verdict.Checked)} checked"),
            };
            writer.Write($"<div class=\"verdict {css}\"><b>{Text(name)}</b>{outcome}<p>{Text(promise)}</p></div>\n");
        }

        writer.Write("</div>\n");
    }

    private void Run()
    {
        var slot = _timeline.SlotLength == 1_000_000 ? "" : $", in slots of {_timeline.SlotLength / 1_000_000} s";
        writer.Write("<h2>The run</h2>\n");
        Panel("Faults", FaultLanes.Draw(_timeline, judgement.Faults));
        if (history.Samples.Count > 0)
        {
            Panel("Members, the fuller the more shards", Charts.Members(_timeline, history.Samples, _faults));
        }

        Panel($"Answers per second{slot}", Charts.Throughput(_timeline, _faults), ("ok", "accepted, or read"), ("denied", "refused or unchanged"));
        Panel($"Latency of answers{slot}", Charts.Latency(_timeline, _faults), ("median", "median"), ("p99", "99th percentile"), ("longest", "longest"));
        Panel($"Operations without an answer per second{slot}", Charts.Errors(_timeline, _faults), ("timeout", "timed out"), ("unavailable", "unavailable"), ("error", "other errors"));
    }

    private void Faults()
    {
        writer.Write("<h2>Faults</h2>\n<p class=\"note\">Longest wait: how long somebody asked one entity and nobody was answered, from the fault's begin until an answer to what was asked after it.</p>\n");
        writer.Write("<div class=\"wide\"><table><tr><th class=\"n\">#</th><th>Fault</th><th>Target</th><th class=\"n\">Begin</th><th class=\"n\">Length</th><th>Effect seen</th><th class=\"n\">Longest wait</th><th class=\"n\">Allowed</th><th class=\"n\">Asked</th></tr>\n");
        for (var index = 0; index < judgement.Faults.Count; index++)
        {
            var outcome = judgement.Faults[index];
            var fault = outcome.Fault;
            var effect = outcome.Effects.Count == 0 ? "nobody looked" : string.Join("; ", outcome.Effects.OrderByDescending(one => one.Seen).Select(one => one.What));
            writer.Write($"<tr><td class=\"n\">{index + 1}</td><td title=\"{Text(fault.Detail)}\">{Text(fault.Name)}</td><td>{Text(fault.Target)}</td>");
            writer.Write($"<td class=\"n\">{Moment.Of(fault.Begin)}</td><td class=\"n\">{(fault.End == fault.Begin ? "–" : Moment.Span(fault.End - fault.Begin))}</td>");
            writer.Write($"<td><span class=\"{(outcome.IsSeen ? "yes" : "no")}\">{(outcome.IsSeen ? "✓" : "✗")}</span> {Text(effect)}</td>");
            writer.Write($"<td class=\"n\"><span class=\"{(outcome.Bound is null ? "" : outcome.IsWithinBound ? "yes" : "no")}\">{Moment.Span(outcome.LongestWait)}</span>{(outcome.Entity is { } entity ? $"<br>{Text(entity)}" : "")}</td>");
            writer.Write($"<td class=\"n\">{(outcome.Bound is { } bound ? Moment.Span(bound) : "not judged")}</td><td class=\"n\">{outcome.EntitiesAsked} entities</td></tr>\n");
        }

        writer.Write("</table></div>\n");
    }

    private void Operations()
    {
        var counts = judgement.Counts;
        writer.Write("<h2>Operations</h2>\n<div class=\"wide\"><table><tr><th class=\"n\">Reads</th><th class=\"n\">Reads that failed</th><th class=\"n\">Commands acknowledged</th><th class=\"n\">Refused</th><th class=\"n\">Unchanged</th><th class=\"n\">Outcome unknown</th><th class=\"n\">of these in the journal</th></tr><tr>");
        foreach (var count in new[] { counts.Reads, counts.FailedReads, counts.AcknowledgedWrites, counts.Refused, counts.Unchanged, counts.UnknownWrites, counts.UnknownInJournal })
        {
            writer.Write($"<td class=\"n\">{Count(count)}</td>");
        }

        writer.Write("</tr></table></div>\n");
    }

    private void Findings()
    {
        foreach (var verdict in judgement.Verdicts.Where(verdict => !verdict.Holds))
        {
            writer.Write($"<h2>{Text(InvariantText.Of(verdict.Invariant).Name)}: what was violated</h2>\n");
            foreach (var finding in verdict.Findings.Take(ShownFindings))
            {
                writer.Write($"<h3>{Text(finding.What)}</h3>\n");
                Talk(Conversation.Of(history, finding));
            }

            if (verdict.Violations > ShownFindings)
            {
                writer.Write($"<p class=\"note\">And {Count(verdict.Violations - Math.Min(ShownFindings, verdict.Findings.Count))} more.</p>\n");
            }
        }
    }

    private void Talk(IReadOnlyList<ConversationLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        writer.Write("<div class=\"wide\"><table class=\"talk\">\n");
        foreach (var line in lines)
        {
            var css = $"{(line.At is null ? "row" : "")}{(line.IsOffending ? " off" : "")}";
            writer.Write($"<tr class=\"{css}\"><td class=\"n\">{(line.At is { } at ? Moment.Of(at) : "journal")}</td><td>{Text(line.Text)}</td></tr>\n");
        }

        writer.Write("</table></div>\n");
    }

    private void Panel(string caption, string svg, params (string Css, string Name)[] keys)
    {
        var legend = string.Concat(keys.Select(key => $"<span class=\"key\"><i class=\"{key.Css}\"></i>{Text(key.Name)}</span>"));
        writer.Write($"<figure class=\"panel\"><figcaption>{Text(caption)}{legend}</figcaption>{svg}</figure>\n");
    }
}
