using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>
/// What a task knows of itself. It holds no comment: a task with ten thousand comments is as small as a new one.
/// </summary>
/// <remarks>
/// Invariants: a task that does not exist equals <see cref="Initial"/>; a deleted task keeps project, title, status and who
/// made it when, nothing else; times never go back.
/// </remarks>
public sealed record TaskState
{
    public static TaskState Initial { get; } = new();

    /// <summary>Created, perhaps deleted since.</summary>
    public bool Exists { get; init; }

    public bool Deleted { get; init; }

    public string Project { get; init; } = "";

    public string Title { get; init; } = "";

    public string? Description { get; init; }

    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>In UTC.</summary>
    public DateTimeOffset? Due { get; init; }

    public LabelSet Labels { get; init; } = LabelSet.Empty;

    public string? Assignee { get; init; }

    public WorkStatus Status { get; init; }

    public long CommentCount { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    public bool IsDone => Status == WorkStatus.Done;
}
