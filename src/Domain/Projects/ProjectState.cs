using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Projects;

/// <summary>What a project knows of itself.</summary>
/// <remarks>
/// Invariants: a project that does not exist equals <see cref="Initial"/>; one that exists has at least one member with
/// role owner, and <see cref="Owner"/> is one of them.
/// </remarks>
public sealed record ProjectState
{
    public static ProjectState Initial { get; } = new();

    [JsonRequired]
    public bool Exists { get; init; }

    [JsonRequired]
    public string Name { get; init; } = "";

    /// <summary>Whom the project was created for, or, once that user is no owner any more, the first by id who is.</summary>
    [JsonRequired]
    public string Owner { get; init; } = "";

    [JsonRequired]
    public bool Archived { get; init; }

    [JsonRequired]
    public MemberList Members { get; init; } = MemberList.Empty;

    [JsonRequired]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonRequired]
    public DateTimeOffset UpdatedAt { get; init; }
}
