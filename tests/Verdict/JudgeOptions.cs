namespace AkkaScale.Tests.Verdict;

/// <summary>How strictly a history is judged.</summary>
public sealed record JudgeOptions
{
    /// <summary>The longest that an entity may be without an answer after a fault that names no bound of its own; null: reported, not judged.</summary>
    public TimeSpan? RecoveryBound { get; init; }

    /// <summary>How long after a fault's end waits still count as its doing, unless another fault begins before.</summary>
    public TimeSpan Aftermath { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Violations of one invariant that are kept; the rest are counted.</summary>
    public int KeptFindings { get; init; } = 100;
}
