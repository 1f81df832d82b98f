namespace AkkaScale.Journal.Verification;

/// <summary>Something that must hold and does not.</summary>
/// <param name="Rule">Which of the rules in <see cref="JournalVerification"/>.</param>
/// <param name="Subject">The entity or lease.</param>
public sealed record Violation(string Rule, string Subject, string Detail);
