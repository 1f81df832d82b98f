namespace AkkaScale.Journal.Verification;

/// <summary>What was found among the rows of the entities of one lease.</summary>
/// <param name="Events">Rows looked at.</param>
/// <param name="Violations">At most some of each rule.</param>
public sealed record LeaseVerification(long Events, long Entities, IReadOnlyList<Violation> Violations);
