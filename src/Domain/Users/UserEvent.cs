using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Users;

/// <summary>
/// What happened to a user. A name with its version is stored with every event: never change one, add the next version.
/// </summary>
/// <param name="By">Who did it.</param>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(UserRegistered), "registered")]
[JsonDerivedType(typeof(UserRenamed), "renamed")]
public abstract record UserEvent(string By);

public sealed record UserRegistered(string Name, string By, string? Email = null) : UserEvent(By);

public sealed record UserRenamed(string Name, string By) : UserEvent(By);
