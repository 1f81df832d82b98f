namespace AkkaScale.Tests.Verdict;

/// <summary>One lease, as it stood in the store when the run had ended.</summary>
/// <param name="Epoch">The highest there was.</param>
public sealed record LeaseRow(string Lease, long Epoch);
