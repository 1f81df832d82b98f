namespace AkkaScale.Management.Doctor;

/// <summary>What a fault costs under the present settings.</summary>
/// <param name="Failover">At the worst: from a node's death or silence until every entity answers, with its summands. DESIGN I6.</param>
/// <param name="Expected">Of a silence, on a day like any other: the median of many tries.</param>
/// <param name="Earliest">After a silence no shard answers sooner than this.</param>
/// <param name="Ended">Of a process that ended, on a day like any other; empty where that is not noticed but by its silence.</param>
internal sealed record Predictions(IReadOnlyList<Term> Failover, IReadOnlyList<Term> Expected, TimeSpan Earliest, IReadOnlyList<Term> Ended)
{
    public TimeSpan FailoverTime => Sum(Failover);

    public TimeSpan ExpectedTime => Sum(Expected);

    public TimeSpan? EndedTime => Ended.Count == 0 ? null : Sum(Ended);

    private static TimeSpan Sum(IReadOnlyList<Term> terms) => terms.Aggregate(TimeSpan.Zero, (sum, term) => sum + term.Time);
}
