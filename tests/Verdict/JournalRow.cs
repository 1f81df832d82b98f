namespace AkkaScale.Tests.Verdict;

/// <summary>One row of the journal, as it stood in the store when the run had ended: an event, or an answer that was stored without one.</summary>
public sealed record JournalRow
{
    public required string Entity { get; init; }

    /// <summary>Of the entity's rows: 1, 2, 3 and so on.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many events the entity has up to this row: what answers call its version.</summary>
    public required long Version { get; init; }

    /// <summary>False: the row only stores what a command was answered.</summary>
    public bool IsEvent { get; init; } = true;

    /// <summary>Of several events of one command only the last has it.</summary>
    public Guid? CommandId { get; init; }

    /// <summary>The lease that fenced the write; null: none did.</summary>
    public required string? Lease { get; init; }

    /// <summary>Of the lease, when it was written.</summary>
    public required long Epoch { get; init; }

    /// <summary>Its place among the rows of all entities. It only grows; numbers may be missing.</summary>
    public required long Position { get; init; }

    /// <summary>Type of the event.</summary>
    public required string Type { get; init; }

    /// <summary>The process that wrote it, if the store says.</summary>
    public string? Node { get; init; }

    /// <summary>As much of the event as an <see cref="IEntityFold"/> needs.</summary>
    public string? Value { get; init; }
}
