namespace AkkaScale.Tests.Verdict;

/// <summary>One thing that was done to the cluster.</summary>
/// <param name="Target">A node, the store, a link; empty if it concerned all.</param>
/// <param name="Begin">Microseconds from the start of the run.</param>
/// <param name="End">When it was taken back; that of <paramref name="Begin"/> where there is nothing to take back.</param>
public sealed record Fault(string Name, string Target, long Begin, long End, string Detail)
{
    /// <summary>
    /// The longest that an entity may be without an answer, in microseconds from the fault's begin; null for that of <see cref="JudgeOptions.RecoveryBound"/>.
    /// A fault that stops the store for its whole length promises nothing while it lasts: its bound includes that length.
    /// </summary>
    public long? Bound { get; init; }
}
