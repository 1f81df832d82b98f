using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>
/// What a task knows of itself. It holds no comment: a task with ten thousand comments is as small as a new one.
/// </summary>
/// <remarks>
/// Invariants: a task that does not exist equals <see cref="Initial"/>; a deleted task keeps project, title, status and who
/// made it when, nothing else; times never go back. A member that a stored state lacks is an error: the generated reader
/// would set it to null or zero, whatever its initial value here; so a new member means a new state version.
/// </remarks>
public sealed record TaskState
{
    public static TaskState Initial { get; } = new();

    /// <summary>Created, perhaps deleted since.</summary>
    [JsonRequired]
    public bool Exists { get; init; }

    [JsonRequired]
    public bool Deleted { get; init; }

    [JsonRequired]
    public string Project { get; init; } = "";

    [JsonRequired]
    public string Title { get; init; } = "";

    public string? Description { get; init; }

    [JsonRequired]
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>In UTC.</summary>
    public DateTimeOffset? Due { get; init; }

    [JsonRequired]
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>For which due time it has reminded; null since it was scheduled anew.</summary>
    public DateTimeOffset? RemindedFor { get; init; }

    public string? Assignee { get; init; }

    /// <summary>The project is archived, and the task was told so.</summary>
    [JsonRequired]
    public bool Frozen { get; init; }

    [JsonRequired]
    public WorkStatus Status { get; init; }

    [JsonRequired]
    public long CommentCount { get; init; }

    [JsonRequired]
    public string CreatedBy { get; init; } = "";

    [JsonRequired]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonRequired]
    public DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    public bool IsDone => Status == WorkStatus.Done;
}
