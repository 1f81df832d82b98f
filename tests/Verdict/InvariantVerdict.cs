namespace AkkaScale.Tests.Verdict;

/// <summary>How one invariant fared.</summary>
/// <param name="Checked">How many operations, rows or faults were held against it; 0 means that nothing is proved.</param>
/// <param name="Violations">All of them, also those that were too many to keep.</param>
/// <param name="Findings">The first of them.</param>
public sealed record InvariantVerdict(Invariant Invariant, long Checked, long Violations, IReadOnlyList<Finding> Findings)
{
    public bool Holds => Violations == 0;
}
