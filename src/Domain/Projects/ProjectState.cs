namespace AkkaScale.Domain.Projects;

/// <summary>What a project knows of itself.</summary>
/// <remarks>
/// Invariants: a project that does not exist equals <see cref="Initial"/>; one that exists has at least one member with
/// role owner, and <see cref="Owner"/> is one of them.
/// </remarks>
public sealed record ProjectState
{
    public static ProjectState Initial { get; } = new();

    public bool Exists { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Whom the project was created for, or, once that user is no owner any more, the first by id who is.</summary>
    public string Owner { get; init; } = "";

    public bool Archived { get; init; }

    public MemberList Members { get; init; } = MemberList.Empty;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
