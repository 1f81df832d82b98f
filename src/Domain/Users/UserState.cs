namespace AkkaScale.Domain.Users;

/// <summary>What a user's entity knows of itself. One that does not exist equals <see cref="Initial"/>.</summary>
public sealed record UserState
{
    public static UserState Initial { get; } = new();

    public bool Exists { get; init; }

    public string Name { get; init; } = "";

    public string? Email { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
