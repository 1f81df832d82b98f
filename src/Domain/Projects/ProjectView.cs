namespace AkkaScale.Domain.Projects;

/// <summary>A project as callers see it.</summary>
public sealed record ProjectView(
    string Id,
    long Version,
    string Name,
    string Owner,
    bool Archived,
    IReadOnlyList<Member> Members,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
