using System.Globalization;
using System.Text;

namespace AkkaScale.Tests.Support.Dynamics;

/// <param name="Violations">What clients saw or the journal has that must not be.</param>
/// <param name="Failures">Requests without success within the client's deadline, in words.</param>
public sealed record DynamicsReport(
    string Store, int Nodes, double Rate, IReadOnlyList<DynamicsRow> Rows, long Events, IReadOnlyList<string> Violations, IReadOnlyList<string> Failures)
{
    /// <summary>As a table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Nodes} nodes on {Store}, {Rate} requests a second, client deadline {SteadyLoad.Deadline.TotalSeconds} s");
        text.AppendLine("fault                took   requests   failed   repeated   p50 ms   p99 ms   longest pause ms   moves   p50 ms   p99 ms");
        foreach (var row in Rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{row.Fault,-17} {row.Seconds,5:0.0} s {row.Requests,9} {row.Failed,8} {row.Repeated,10} {row.P50Milliseconds,8:0.0} {row.P99Milliseconds,8:0.0} {row.LongestPauseMilliseconds,10:0} ({row.Entity}) {row.Moves,6} {row.MoveP50Milliseconds,8:0.0} {row.MoveP99Milliseconds,8:0.0}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{Events} events in the journal, {Violations.Count} violations of I1 to I5, {Failures.Count} failed requests");
        foreach (var line in Violations.Concat(Failures).Take(20))
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }
}

/// <summary>One fault and what clients met meanwhile; pauses count from when a request was due.</summary>
/// <param name="Moves">Shards that were handed over.</param>
/// <param name="MoveP50Milliseconds">For so long, or less, half of them were between two homes; what a request for them waits more, at most.</param>
public sealed record DynamicsRow(
    string Fault, double Seconds, int Requests, long Failed, long Repeated, double P50Milliseconds, double P99Milliseconds,
    double LongestPauseMilliseconds, string Entity, int Moves, double MoveP50Milliseconds, double MoveP99Milliseconds);
