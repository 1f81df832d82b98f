using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Projects;

/// <summary>Everything that can be asked of a project. The names are part of the wire between nodes: never change one.</summary>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CreateProject), "create")]
[JsonDerivedType(typeof(RenameProject), "rename")]
[JsonDerivedType(typeof(ArchiveProject), "archive")]
[JsonDerivedType(typeof(RestoreProject), "restore")]
[JsonDerivedType(typeof(SetMember), "setMember")]
[JsonDerivedType(typeof(RemoveMember), "removeMember")]
[JsonDerivedType(typeof(GetProject), "get")]
[JsonDerivedType(typeof(CheckProjectTakesTasks), "checkTakesTasks")]
public abstract record ProjectCommand;

/// <summary>Again with the values the project has now: unchanged; with others: project/exists.</summary>
/// <param name="Owner">Becomes a member with that role.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateProject(string Name, string Owner) : ProjectCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RenameProject(string Name) : ProjectCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ArchiveProject : ProjectCommand;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RestoreProject : ProjectCommand;

/// <summary>Adds a member or changes the role of one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetMember(string User, MemberRole Role) : ProjectCommand;

/// <summary>Who is no member: unchanged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RemoveMember(string User) : ProjectCommand;

/// <summary>A read: unchanged if the project exists, else project/not-found.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GetProject : ProjectCommand;

/// <summary>
/// A read before a task is created in or moved to the project: unchanged if it may be, else project/not-found or
/// project/archived.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CheckProjectTakesTasks : ProjectCommand;
