namespace AkkaScale.Tests.Verdict;

/// <summary>
/// Holds a history against what the engine promises. What makes that cheap is that answers carry versions: the order in which
/// operations took effect is known, and has only to be held against real time. O(n log n) in operations and events.
/// </summary>
public static class Judge
{
    /// <param name="fold">What reads should have shown; null leaves their values unchecked.</param>
    public static Judgement Of(History history, IEntityFold? fold = null, JudgeOptions? options = null) => throw new NotImplementedException();
}
