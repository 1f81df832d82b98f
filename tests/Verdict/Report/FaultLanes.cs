using static AkkaScale.Tests.Verdict.Report.Markup;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>Faults as bars over time, each with its number in the table, in as few lanes as their labels allow.</summary>
internal static class FaultLanes
{
    private const double LaneHeight = 19;
    private const double BarHeight = 13;
    private const double LetterWidth = 6.1;

    public static string Draw(Timeline timeline, IReadOnlyList<FaultOutcome> outcomes)
    {
        var ends = new List<double>();
        var bars = new System.Text.StringBuilder();
        var scale = new Plot(timeline, 0, "");
        for (var index = 0; index < outcomes.Count; index++)
        {
            var (fault, label) = (outcomes[index].Fault, $"{index + 1} {outcomes[index].Fault.Name}");
            var from = scale.X(fault.Begin);
            var to = Math.Max(from + 3, scale.X(fault.End));
            var room = (label.Length * LetterWidth) + 4;
            // At the right edge a label has room before its bar only.
            var isBefore = to + room > Plot.Width;
            var (begin, end) = isBefore ? (from - room, to) : (from, to + room);
            var lane = ends.FindIndex(taken => taken <= begin);
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(0);
            }

            ends[lane] = end;
            var state = outcomes[index] is { IsSeen: true, IsWithinBound: true } ? "fault" : "fault wrong";
            bars.Append($"<g class=\"{state}\"><title>{Text($"{label} {fault.Target}: {Moment.Of(fault.Begin)} to {Moment.Of(fault.End)}. {fault.Detail}")}</title>");
            bars.Append($"<rect x=\"{Of(from)}\" y=\"{Of((lane * LaneHeight) + 3)}\" width=\"{Of(to - from)}\" height=\"{Of(BarHeight)}\" rx=\"2\"/>");
            bars.Append($"<text x=\"{Of(isBefore ? from - 4 : to + 4)}\" y=\"{Of((lane * LaneHeight) + 13.5)}\"{(isBefore ? " text-anchor=\"end\"" : "")}>{Text(label)}</text></g>");
        }

        return new Plot(timeline, Math.Max(1, ends.Count) * LaneHeight, "Faults over time").Bands(outcomes.Select(outcome => outcome.Fault)).Raw(bars.ToString()).Clock().ToString();
    }
}
