using System.Text;
using static AkkaScale.Tests.Verdict.Report.Markup;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>Faults as bars over time, one lane a kind: a soak has hundreds, and labels beside bars could not be read.</summary>
internal static class FaultLanes
{
    private const double LaneHeight = 17;
    private const double BarHeight = 11;
    private const int MostNumbered = 80;
    private const int LongestName = 25;

    public static string Draw(Timeline timeline, IReadOnlyList<FaultOutcome> outcomes)
    {
        string[] names = [.. outcomes.Select(outcome => outcome.Fault.Name).Distinct()];
        var plot = new Plot(timeline, Math.Max(1, names.Length) * LaneHeight, "Faults over time").Bands(outcomes.Select(outcome => outcome.Fault));
        plot.Grid(names.Select((name, lane) => (((lane + 0.5) * LaneHeight, name.Length <= LongestName ? name : $"{name[..(LongestName - 1)]}…"))));
        for (var index = 0; index < outcomes.Count; index++)
        {
            plot.Raw(Bar(plot, outcomes[index], index + 1, Array.IndexOf(names, outcomes[index].Fault.Name), outcomes.Count <= MostNumbered));
        }

        return plot.Clock().ToString();
    }

    /// <param name="number">Its number in the table.</param>
    private static string Bar(Plot plot, FaultOutcome outcome, int number, int lane, bool isNumbered)
    {
        var fault = outcome.Fault;
        var bar = new StringBuilder();
        var from = plot.X(fault.Begin);
        var width = Math.Max(3, plot.X(fault.End) - from);
        bar.Append($"<g class=\"fault{(outcome is { IsSeen: true, IsWithinBound: true } ? "" : " wrong")}\">");
        bar.Append($"<title>{Text($"{number} {fault.Name} {fault.Target}: {Moment.Of(fault.Begin)} to {Moment.Of(fault.End)}. {fault.Detail}")}</title>");
        bar.Append($"<rect x=\"{Of(from)}\" y=\"{Of((lane * LaneHeight) + ((LaneHeight - BarHeight) / 2))}\" width=\"{Of(width)}\" height=\"{Of(BarHeight)}\" rx=\"2\"/>");
        if (isNumbered)
        {
            bar.Append($"<text x=\"{Of(from + width + 3)}\" y=\"{Of(((lane + 0.5) * LaneHeight) + 4)}\">{number}</text>");
        }

        return bar.Append("</g>").ToString();
    }
}
