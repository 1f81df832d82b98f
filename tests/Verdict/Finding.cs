namespace AkkaScale.Tests.Verdict;

/// <summary>One violation.</summary>
/// <param name="What">One sentence with figures.</param>
public sealed record Finding(Invariant Invariant, string What)
{
    /// <summary>Null where no single entity is to blame.</summary>
    public string? Entity { get; init; }

    /// <summary>That contradict each other, or the journal.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    public IReadOnlyList<JournalRow> Rows { get; init; } = [];
}
