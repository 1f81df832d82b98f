using System.Text.Json;

namespace AkkaScale.Bench.Journal;

/// <summary>One figure of one round.</summary>
/// <param name="Measure">What was measured, e.g. "64 in flight".</param>
/// <param name="Engine">Of which engine; the yardstick has its own name.</param>
/// <param name="Rate">Events a second.</param>
/// <param name="Load">Latencies and CPU, where they were measured.</param>
public sealed record Figure(string Measure, string Engine, int Round, double Rate, LoadResult? Load = null);

/// <summary>All figures of a run, and their medians, spreads and ratios.</summary>
public sealed class Report
{
    public const string Yardstick = "pgbench-64";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<Figure> _figures = [];

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        var detail = figure.Load is { } load ? $", p50 {load.P50:F1} ms, p99 {load.P99:F1} ms, longest {load.Longest:F0} ms" : "";
        Console.Error.WriteLine($"round {figure.Round}: {figure.Measure}, {figure.Engine}: {figure.Rate:N0}/s{detail}");
    }

    public void Print(TextWriter output)
    {
        var yardstick = Median(_figures.Where(each => each.Engine == Yardstick));
        output.WriteLine(
            $"{"measure",-36}{"engine",-16}{"events/s",10}{"lowest",10}{"highest",10}"
            + $"{"p50 ms",9}{"p99 ms",9}{"cpu µs",9}{"× pgbench",11}{"× stock",9}");
        foreach (var group in _figures.GroupBy(each => (each.Measure, each.Engine)))
        {
            var stock = Median(_figures.Where(each => each.Measure == group.Key.Measure && each.Engine == Engine.Stock));
            var rate = Median(group);
            output.WriteLine(
                $"{group.Key.Measure,-36}{group.Key.Engine,-16}{rate,10:N0}"
                + $"{group.Min(each => each.Rate),10:N0}{group.Max(each => each.Rate),10:N0}"
                + $"{Median(group, each => each.P50),9}{Median(group, each => each.P99),9}{Median(group, each => each.Cpu),9}"
                + $"{(group.Any(each => each.Load is not null) ? Ratio(rate, yardstick) : ""),11}{Ratio(rate, stock),9}");
        }
    }

    public Task WriteAsync(string path) => File.WriteAllTextAsync(path, JsonSerializer.Serialize(_figures, Indented));

    private static double Median(IEnumerable<Figure> figures) => Median(figures.Select(each => each.Rate));

    private static string Median(IEnumerable<Figure> figures, Func<LoadResult, double> value)
    {
        var median = Median(figures.Where(each => each.Load is not null).Select(each => value(each.Load!)));
        return double.IsNaN(median) ? "" : $"{median:F1}";
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static string Ratio(double rate, double other) => double.IsNaN(other) ? "" : $"{rate / other:F2}";
}
