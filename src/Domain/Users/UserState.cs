using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Users;

/// <summary>What a user's entity knows of itself. One that does not exist equals <see cref="Initial"/>.</summary>
public sealed record UserState
{
    public static UserState Initial { get; } = new();

    [JsonRequired]
    public bool Exists { get; init; }

    [JsonRequired]
    public string Name { get; init; } = "";

    public string? Email { get; init; }

    [JsonRequired]
    public DateTimeOffset CreatedAt { get; init; }

    [JsonRequired]
    public DateTimeOffset UpdatedAt { get; init; }
}
