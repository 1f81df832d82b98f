namespace AkkaScale.Journal.Verification;

/// <param name="Events">Rows looked at.</param>
/// <param name="UnfencedEvents">Rows without a lease: the stock plugin's, or of entities that need none.</param>
/// <param name="UnfencedAfterFenced">Of these, those of entities that have fenced rows before: somebody wrote past the fence.</param>
/// <param name="Violations">At most some of each rule.</param>
public sealed record VerificationReport(
    long Events, long UnfencedEvents, long UnfencedAfterFenced, IReadOnlyList<Violation> Violations)
{
    public bool IsClean => Violations.Count == 0;
}
