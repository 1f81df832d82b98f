namespace AkkaScale.Tests.Verdict;

/// <summary>Proof that a fault did something, or that it did not.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="What">What was seen: a log line, a counter, epochs that rose.</param>
public sealed record Effect(string Fault, string Target, bool Seen, string What)
{
    /// <summary>Begin of the fault it belongs to; without it effects belong to the faults of their name and target in turn.</summary>
    public long? Begin { get; init; }
}
