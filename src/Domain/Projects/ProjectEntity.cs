using AkkaScale.Domain.Validation;
using AkkaScale.Entities;

namespace AkkaScale.Domain.Projects;

/// <summary>
/// The rules of a project: it always has an owner, and an archived one takes no change until it is restored.
/// </summary>
public static class ProjectEntity
{
    public const string Kind = "project";

    /// <summary>Changes when a stored <see cref="ProjectState"/> can no longer be read; then the events are folded anew.</summary>
    public const int StateVersion = 1;

    private static readonly Refusal NotFound = new("project/not-found", "There is no such project.");
    private static readonly Refusal AlreadyExists = new("project/exists", "The project exists with other values.");
    private static readonly Refusal IsArchived = new("project/archived", "The project is archived; restore it first.");
    private static readonly Refusal LastOwner = new("project/last-owner", "The last owner of a project stays its owner.");
    private static readonly Refusal TooManyMembers =
        new("project/too-many-members", $"A project has at most {Limits.MembersPerProject} members.");

    /// <summary>What of a command is malformed whatever the state: code "request/…". <see cref="Decide"/> checks it too.</summary>
    public static Refusal? Validate(ProjectCommand command) => command switch
    {
        CreateProject c => Limits.CheckName(c.Name) ?? Limits.CheckId(c.Owner, "owner"),
        RenameProject c => Limits.CheckName(c.Name),
        SetMember c => Limits.CheckId(c.User, "user") ?? CheckRole(c.Role),
        RemoveMember c => Limits.CheckId(c.User, "user"),
        _ => null,
    };

    public static Decision<ProjectEvent> Decide(ProjectState state, ProjectCommand command, CommandContext context)
    {
        if (Validate(command) is { } malformed)
        {
            return malformed;
        }

        if (command is CreateProject create)
        {
            return Create(state, create, context.ActingUser);
        }

        if (!state.Exists)
        {
            return NotFound;
        }

        if (state.Archived && command is not (GetProject or ArchiveProject or RestoreProject))
        {
            return IsArchived;
        }

        return Change(state, command, context.ActingUser);
    }

    /// <exception cref="InvalidOperationException">The event cannot follow on the state: the history is damaged.</exception>
    public static ProjectState Evolve(ProjectState state, ProjectEvent e, EventContext context)
    {
        var happened = Upcast(e);
        if (state.Exists == happened is ProjectCreated || state.Exists != context.Version > 1)
        {
            throw new InvalidOperationException($"{e.GetType().Name} cannot be event {context.Version} of this project.");
        }

        return Fold(state, happened, context.At) with { UpdatedAt = context.At };
    }

    /// <summary>The event as the latest version of its kind; so far every event has one version.</summary>
    public static ProjectEvent Upcast(ProjectEvent e) => e;

    public static ProjectView View(ProjectState state, string id, long version) => new(
        id, version, state.Name, state.Owner, state.Archived, state.Members, state.CreatedAt, state.UpdatedAt);

    private static Decision<ProjectEvent> Create(ProjectState state, CreateProject command, string by)
    {
        if (!state.Exists)
        {
            return new ProjectCreated(command.Name, command.Owner, by);
        }

        return state.Name == command.Name && state.Owner == command.Owner
            ? Decision<ProjectEvent>.Unchanged
            : AlreadyExists;
    }

    private static Decision<ProjectEvent> Change(ProjectState state, ProjectCommand command, string by) => command switch
    {
        GetProject or CheckProjectTakesTasks => Decision<ProjectEvent>.Unchanged,
        RenameProject c => Unless(c.Name == state.Name, new ProjectRenamed(c.Name, by)),
        ArchiveProject => Unless(state.Archived, new ProjectArchived(by)),
        RestoreProject => Unless(!state.Archived, new ProjectRestored(by)),
        SetMember c => Set(state, c, by),
        RemoveMember c => Remove(state, c, by),
        _ => throw new ArgumentException($"{command.GetType().Name} is no command that a project knows.", nameof(command)),
    };

    private static Decision<ProjectEvent> Set(ProjectState state, SetMember command, string by)
    {
        var role = state.Members.RoleOf(command.User);
        if (role is null)
        {
            return state.Members.Count < Limits.MembersPerProject
                ? new MemberAdded(command.User, command.Role, by)
                : TooManyMembers;
        }

        if (role == command.Role)
        {
            return Decision<ProjectEvent>.Unchanged;
        }

        return role == MemberRole.Owner && IsOnlyOwner(state)
            ? LastOwner
            : new MemberRoleChanged(command.User, command.Role, by);
    }

    private static Decision<ProjectEvent> Remove(ProjectState state, RemoveMember command, string by) =>
        state.Members.RoleOf(command.User) switch
        {
            null => Decision<ProjectEvent>.Unchanged,
            MemberRole.Owner when IsOnlyOwner(state) => LastOwner,
            _ => new MemberRemoved(command.User, by),
        };

    private static bool IsOnlyOwner(ProjectState state) => state.Members.Count(member => member.Role == MemberRole.Owner) == 1;

    private static Decision<ProjectEvent> Unless(bool nothingToChange, ProjectEvent e) =>
        nothingToChange ? Decision<ProjectEvent>.Unchanged : e;

    private static ProjectState Fold(ProjectState state, ProjectEvent e, DateTimeOffset at) => e switch
    {
        ProjectCreated c => new ProjectState
        {
            Exists = true,
            Name = c.Name,
            Owner = c.Owner,
            Members = MemberList.Empty.With(c.Owner, MemberRole.Owner),
            CreatedAt = at,
        },
        ProjectRenamed r => state with { Name = r.Name },
        ProjectArchived => state with { Archived = true },
        ProjectRestored => state with { Archived = false },
        MemberAdded a => WithMembers(state, state.Members.With(a.User, a.Role)),
        MemberRoleChanged c => WithMembers(state, state.Members.With(c.User, c.Role)),
        MemberRemoved r => WithMembers(state, state.Members.Without(r.User)),
        _ => throw new InvalidOperationException($"{e.GetType().Name} is no event that a project knows."),
    };

    private static ProjectState WithMembers(ProjectState state, MemberList members) => state with
    {
        Members = members,
        Owner = members.RoleOf(state.Owner) == MemberRole.Owner
            ? state.Owner
            : members.First(member => member.Role == MemberRole.Owner).User,
    };

    private static Refusal? CheckRole(MemberRole role) =>
        Enum.IsDefined(role) ? null : new Refusal("request/role", "role must be viewer, editor or owner.");
}
