using System.Globalization;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Hostile;

/// <summary>What a node's /metrics says.</summary>
internal static class Metrics
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    /// <summary>The sum of all series of a metric whose labels hold all these texts.</summary>
    public static async Task<double> SumAsync(NodeProcess node, string metric, params string[] labels)
    {
        using var http = new HttpClient { BaseAddress = node.Management, Timeout = Bound };
        var text = await http.GetStringAsync("/metrics");
        return text.Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line[metric.Length] is ' ' or '{' && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>The metric reaches a value; it may be counted a little later than it is seen on the wire.</summary>
    public static Task ReachesAsync(NodeProcess node, double least, string metric, params string[] labels) =>
        Eventually.Holds($"{metric} {string.Join(' ', labels)} reaches {least}", Bound, async () =>
            await SumAsync(node, metric, labels) is var sum && sum >= least ? null : $"{sum}");
}
