using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>A task as callers see it. What is not set is shown as null, so that every answer has the same members.</summary>
public sealed record TaskView(
    string Id,
    long Version,
    string Project,
    string Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Description,
    Priority Priority,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Due,
    IReadOnlyList<string> Labels,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Assignee,
    WorkStatus Status,
    long CommentCount,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
