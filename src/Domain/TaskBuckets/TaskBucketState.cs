using System.Text.Json.Serialization;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>A sixteenth of a project's tasks.</summary>
/// <remarks>
/// Invariant: the last message to a task that is or was here says "frozen" exactly if it is here and told so; <see cref="MayBeFrozen"/> tells of which
/// tasks that can hold.
/// </remarks>
public sealed record TaskBucketState
{
    public static TaskBucketState Initial { get; } = new();

    [JsonRequired]
    public bool Archived { get; init; }

    /// <summary>How often the project was archived or restored.</summary>
    [JsonRequired]
    public long Round { get; init; }

    /// <summary>The last task told in the present round, empty if none yet; null once all are.</summary>
    public string? Told { get; init; }

    [JsonRequired]
    public TaskIdSet Tasks { get; init; } = TaskIdSet.Empty;

    public bool MayBeFrozen(string task) => Archived || (Told is { } told && string.CompareOrdinal(task, told) > 0);
}
