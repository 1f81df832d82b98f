using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Users;

/// <summary>A user as callers see it.</summary>
public sealed record UserView(
    string Id,
    long Version,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
