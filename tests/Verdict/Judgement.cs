namespace AkkaScale.Tests.Verdict;

/// <summary>What a history proves.</summary>
/// <param name="Verdicts">One for each <see cref="Invariant"/>, in order.</param>
/// <param name="Faults">One for each fault, in the order of their begin.</param>
public sealed record Judgement(IReadOnlyList<InvariantVerdict> Verdicts, IReadOnlyList<FaultOutcome> Faults, OperationCounts Counts)
{
    public bool IsClean => Verdicts.All(verdict => verdict.Holds);

    public IEnumerable<Finding> Findings => Verdicts.SelectMany(verdict => verdict.Findings);

    public InvariantVerdict this[Invariant invariant] => Verdicts[(int)invariant];
}
