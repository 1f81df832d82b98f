namespace AkkaScale.Hosting.Doctor;

/// <summary>What a fault costs under the present settings.</summary>
/// <param name="Failover">At the worst: from a node's death until every entity answers, with its summands. DESIGN I6.</param>
/// <param name="Expected">The same on a day like any other: the median of many tries.</param>
/// <param name="Earliest">No shard answers sooner than this.</param>
/// <param name="Handoff">At the worst: the pause of a shard that moves between two living nodes.</param>
/// <param name="ExpectedHandoff">The same when its copies arrive in time.</param>
internal sealed record Predictions(
    IReadOnlyList<Term> Failover,
    IReadOnlyList<Term> Expected,
    TimeSpan Earliest,
    IReadOnlyList<Term> Handoff,
    IReadOnlyList<Term> ExpectedHandoff)
{
    public TimeSpan FailoverTime => Sum(Failover);

    public TimeSpan ExpectedTime => Sum(Expected);

    public TimeSpan HandoffTime => Sum(Handoff);

    public TimeSpan ExpectedHandoffTime => Sum(ExpectedHandoff);

    private static TimeSpan Sum(IReadOnlyList<Term> terms) => terms.Aggregate(TimeSpan.Zero, (sum, term) => sum + term.Time);
}
