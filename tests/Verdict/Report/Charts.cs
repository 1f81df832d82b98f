using static AkkaScale.Tests.Verdict.Report.Markup;

namespace AkkaScale.Tests.Verdict.Report;

/// <summary>Throughput, latency, errors and members over the time of a run.</summary>
internal static class Charts
{
    private const double Height = 130;
    private const double LowHeight = 70;

    /// <summary>Answers a second: with effect or with a state, and those that said no.</summary>
    public static string Throughput(Timeline timeline, IEnumerable<Fault> faults)
    {
        var top = NiceTop(timeline.Slots.Max(slot => timeline.PerSecond(slot.Accepted + slot.Denied)));
        return new Plot(timeline, Height, "Answers per second").Bands(faults).Grid(Linear(top, Height))
            .Bars("ok", slot => (Y(slot.Accepted), Height))
            .Bars("denied", slot => (Y(slot.Accepted + slot.Denied), Y(slot.Accepted)))
            .Tips(slot => $"{timeline.PerSecond(slot.Accepted):0} answers/s, {timeline.PerSecond(slot.Denied):0} refused or unchanged/s")
            .Clock().ToString();

        double Y(long count) => Height - (Height * timeline.PerSecond(count) / top);
    }

    /// <summary>Of answers, on a logarithmic scale from 0.1 ms.</summary>
    public static string Latency(Timeline timeline, IEnumerable<Fault> faults)
    {
        const double Lowest = 2; // log10 of 100 microseconds
        var decades = Math.Max(2, Math.Ceiling(Math.Log10(Math.Max(1, timeline.Longest))) - Lowest);
        var marks = Enumerable.Range(0, (int)decades + 1)
            .Select(decade => (Height - (Height * decade / decades), Label(Math.Pow(10, Lowest + decade))));
        return new Plot(timeline, Height, "Latency of answers: median, 99th percentile, maximum").Bands(faults).Grid(marks)
            .Line("longest", slot => slot.HasAnswers ? Y(slot.Longest) : null)
            .Line("p99", slot => slot.HasAnswers ? Y(slot.Ninetyninth) : null)
            .Line("median", slot => slot.HasAnswers ? Y(slot.Median) : null)
            .Tips(slot => slot.HasAnswers ? $"median {Moment.Span(slot.Median)}, p99 {Moment.Span(slot.Ninetyninth)}, longest {Moment.Span(slot.Longest)}" : "no answers")
            .Clock().ToString();

        double Y(long latency) => Height - (Height * Math.Max(0, Math.Log10(Math.Max(1, latency)) - Lowest) / decades);
        static string Label(double microseconds) => microseconds < 1_000 ? $"{microseconds / 1_000:0.0} ms" : microseconds < 1_000_000 ? $"{microseconds / 1_000:0} ms" : $"{microseconds / 1_000_000:0} s";
    }

    /// <summary>Operations that ended without an answer.</summary>
    public static string Errors(Timeline timeline, IEnumerable<Fault> faults)
    {
        var top = NiceTop(timeline.Slots.Max(slot => timeline.PerSecond(slot.Timeouts + slot.Unavailable + slot.Errors)));
        return new Plot(timeline, LowHeight, "Operations without an answer per second").Bands(faults).Grid(Linear(top, LowHeight))
            .Bars("timeout", slot => (Y(slot.Timeouts), LowHeight))
            .Bars("unavailable", slot => (Y(slot.Timeouts + slot.Unavailable), Y(slot.Timeouts)))
            .Bars("error", slot => (Y(slot.Timeouts + slot.Unavailable + slot.Errors), Y(slot.Timeouts + slot.Unavailable)))
            .Tips(slot => $"{slot.Timeouts} timed out, {slot.Unavailable} unavailable, {slot.Errors} other errors")
            .Clock().ToString();

        double Y(long count) => LowHeight - (LowHeight * timeline.PerSecond(count) / top);
    }

    /// <summary>One strip a node: when it was up, the fuller the more shards it held. Empty without samples.</summary>
    public static string Members(Timeline timeline, IReadOnlyList<NodeSample> samples, IEnumerable<Fault> faults)
    {
        const double Strip = 18;
        var nodes = samples.GroupBy(sample => sample.Node).OrderBy(node => node.Key, StringComparer.Ordinal).ToArray();
        var most = Math.Max(1, samples.Max(sample => sample.Shards));
        var plot = new Plot(timeline, nodes.Length * Strip, "Members and their shards").Bands(faults);
        for (var row = 0; row < nodes.Length; row++)
        {
            plot.Grid([((row * Strip) + 9, nodes[row].Key)]);
            foreach (var sample in nodes[row].Where(sample => sample.Up))
            {
                var width = Math.Max(1.2, plot.X(sample.At + 1_000_000) - plot.X(sample.At) + 0.3);
                plot.Raw($"<rect class=\"ok\" fill-opacity=\"{Of(0.15 + (0.85 * sample.Shards / most))}\" x=\"{Of(plot.X(sample.At))}\" y=\"{Of((row * Strip) + 3)}\" width=\"{Of(width)}\" height=\"12\">");
                plot.Raw($"<title>{Text($"{sample.Node} at {Moment.Of(sample.At)}: {sample.Shards} shards, {sample.Resident} entities resident, {sample.MemoryBytes / (1 << 20)} MiB")}</title></rect>");
            }
        }

        return plot.Clock().ToString();
    }

    private static IEnumerable<(double Y, string Label)> Linear(double top, double height) =>
        new[] { 0, top / 2, top }.Select(value => (height - (height * value / top), value == Math.Round(value) ? Count((long)value) : Of(value)));

    /// <summary>The next of 1, 2, 5, 10, 20, …</summary>
    private static double NiceTop(double value)
    {
        var top = 1.0;
        for (var step = 0; top < value; step++)
        {
            top *= step % 3 == 1 ? 2.5 : 2;
        }

        return top;
    }
}
