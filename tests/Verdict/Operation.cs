namespace AkkaScale.Tests.Verdict;

/// <summary>
/// One read or command of one client, over all its attempts. Times are microseconds of the monotonic clock of the process that
/// wrote the history, from the start of the run.
/// </summary>
public sealed record Operation
{
    public required int Client { get; init; }

    /// <summary>Its number, in the order in which its client began them.</summary>
    public required long Number { get; init; }

    public required OperationKind Kind { get; init; }

    public required string Entity { get; init; }

    /// <summary>One for all attempts; null for reads. Two operations of one id are the same command, asked again.</summary>
    public Guid? CommandId { get; init; }

    public required long Call { get; init; }

    /// <summary>When the last attempt ended; null if the client never heard of it again.</summary>
    public long? Return { get; init; }

    public required OperationStatus Status { get; init; }

    /// <summary>Status code of the last answer; 0 without one.</summary>
    public int Http { get; init; }

    /// <summary>Code of the problem, or empty.</summary>
    public string Code { get; init; } = "";

    /// <summary>Of the entity: after a command, at a read or a refusal.</summary>
    public long? Version { get; init; }

    /// <summary>What an <see cref="IEntityFold"/> makes of the journal up to <see cref="Version"/>; null if it was not seen.</summary>
    public string? Value { get; init; }

    public int Attempts { get; init; } = 1;

    /// <summary>Whether the entity answered.</summary>
    public bool IsAnswered => Return is not null && Status is (OperationStatus.Ok or OperationStatus.Refused or OperationStatus.Unchanged);

    /// <summary>Whether it was answered with effect: an acknowledged command.</summary>
    public bool IsAcknowledgedWrite => Kind == OperationKind.Write && Status == OperationStatus.Ok && IsAnswered;
}
