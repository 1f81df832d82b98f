using AkkaScale.Domain.Validation;
using AkkaScale.Entities;

namespace AkkaScale.Domain.Users;

/// <summary>The rules of a user: registered once, renamed at will.</summary>
public static class UserEntity
{
    public const string Kind = "user";

    /// <summary>Changes when a stored <see cref="UserState"/> can no longer be read; then the events are folded anew.</summary>
    public const int StateVersion = 1;

    private static readonly Refusal NotFound = new("user/not-found", "There is no such user.");
    private static readonly Refusal AlreadyExists = new("user/exists", "The user is registered with other values.");

    /// <summary>What of a command is malformed whatever the state: code "request/…". <see cref="Decide"/> checks it too.</summary>
    public static Refusal? Validate(UserCommand command) => command switch
    {
        RegisterUser c => Limits.CheckName(c.Name) ?? Limits.CheckEmail(c.Email),
        RenameUser c => Limits.CheckName(c.Name),
        _ => null,
    };

    public static Decision<UserEvent> Decide(UserState state, UserCommand command, CommandContext context)
    {
        if (Validate(command) is { } malformed)
        {
            return malformed;
        }

        return command switch
        {
            RegisterUser c when !state.Exists => new UserRegistered(c.Name, context.ActingUser, c.Email),
            RegisterUser c when c.Name == state.Name && c.Email == state.Email => Decision<UserEvent>.Unchanged,
            RegisterUser => AlreadyExists,
            _ when !state.Exists => NotFound,
            GetUser => Decision<UserEvent>.Unchanged,
            RenameUser c when c.Name == state.Name => Decision<UserEvent>.Unchanged,
            RenameUser c => new UserRenamed(c.Name, context.ActingUser),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command that a user knows.", nameof(command)),
        };
    }

    /// <exception cref="InvalidOperationException">The event cannot follow on the state: the history is damaged.</exception>
    public static UserState Evolve(UserState state, UserEvent e, EventContext context)
    {
        var happened = Upcast(e);
        if (state.Exists == happened is UserRegistered || state.Exists != context.Version > 1)
        {
            throw new InvalidOperationException($"{e.GetType().Name} cannot be event {context.Version} of this user.");
        }

        return Fold(state, happened, context.At) with { UpdatedAt = context.At };
    }

    /// <summary>The event as the latest version of its kind; so far every event has one version.</summary>
    public static UserEvent Upcast(UserEvent e) => e;

    public static UserView View(UserState state, string id, long version) =>
        new(id, version, state.Name, state.Email, state.CreatedAt, state.UpdatedAt);

    private static UserState Fold(UserState state, UserEvent e, DateTimeOffset at) => e switch
    {
        UserRegistered r => new UserState { Exists = true, Name = r.Name, Email = r.Email, CreatedAt = at },
        UserRenamed r => state with { Name = r.Name },
        _ => throw new InvalidOperationException($"{e.GetType().Name} is no event that a user knows."),
    };
}
