using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Users;

/// <summary>Everything that can be asked of a user. The names are part of the wire between nodes: never change one.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(RegisterUser), "register")]
[JsonDerivedType(typeof(RenameUser), "rename")]
[JsonDerivedType(typeof(GetUser), "get")]
public abstract record UserCommand;

/// <summary>Again with the values the user has now: unchanged; with others: user/exists.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RegisterUser(string Name, string? Email = null) : UserCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RenameUser(string Name) : UserCommand;

/// <summary>A read: unchanged if the user exists, else user/not-found.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GetUser : UserCommand;
