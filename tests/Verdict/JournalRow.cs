namespace AkkaScale.Tests.Verdict;

/// <summary>One event, as it stood in the store when the run had ended.</summary>
public sealed record JournalRow
{
    public required string Entity { get; init; }

    public required long Sequence { get; init; }

    public Guid? CommandId { get; init; }

    public required int Shard { get; init; }

    public required long Epoch { get; init; }

    public required long Position { get; init; }

    /// <summary>Type of the event.</summary>
    public required string Type { get; init; }

    /// <summary>Who held the epoch, if the store says.</summary>
    public string? Node { get; init; }

    /// <summary>As much of the event as an <see cref="IEntityFold"/> needs.</summary>
    public string? Value { get; init; }
}
