using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Projects;

/// <summary>
/// What happened to a project. A name with its version is stored with every event: never change one, add the next version.
/// </summary>
/// <param name="By">Who did it.</param>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ProjectCreated), "created")]
[JsonDerivedType(typeof(ProjectRenamed), "renamed")]
[JsonDerivedType(typeof(ProjectArchived), "archived")]
[JsonDerivedType(typeof(ProjectRestored), "restored")]
[JsonDerivedType(typeof(MemberAdded), "memberAdded")]
[JsonDerivedType(typeof(MemberRoleChanged), "memberRoleChanged")]
[JsonDerivedType(typeof(MemberRemoved), "memberRemoved")]
public abstract record ProjectEvent(string By);

/// <param name="Owner">The first member.</param>
public sealed record ProjectCreated(string Name, string Owner, string By) : ProjectEvent(By);

public sealed record ProjectRenamed(string Name, string By) : ProjectEvent(By);

public sealed record ProjectArchived(string By) : ProjectEvent(By);

public sealed record ProjectRestored(string By) : ProjectEvent(By);

public sealed record MemberAdded(string User, MemberRole Role, string By) : ProjectEvent(By);

public sealed record MemberRoleChanged(string User, MemberRole Role, string By) : ProjectEvent(By);

public sealed record MemberRemoved(string User, string By) : ProjectEvent(By);
