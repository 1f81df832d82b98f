using AkkaScale.Entities;

namespace AkkaScale.Sharding.Messages;

/// <summary>One attempt of a command or a read, on its way to its entity.</summary>
/// <param name="Command">Of the kind's command type.</param>
/// <param name="CommandId">The same in all attempts.</param>
/// <param name="Deadline">
/// By this process's own monotonic clock. Between processes it travels as the time that remains, so the way there is given on top of it.
/// </param>
internal sealed record EntityAsk(EntityKey Entity, object Command, Guid CommandId, TimeSpan Deadline) : IEntityMessage
{
    /// <inheritdoc cref="EntityCommand.IsClientKey"/>
    public bool IsClientKey { get; init; }

    public bool IsRead { get; init; }

    /// <inheritdoc cref="EntityCommand.IsConfirmed"/>
    public bool IsConfirmed { get; init; }

    /// <summary>0 for the first; grows only where a copy of the command may be under way.</summary>
    public int Attempt { get; init; }

    public PayloadHash Hash { get; init; }

    public long? ExpectedVersion { get; init; }

    public string ActingUser { get; init; } = "";

    public Refusal? Precondition { get; init; }

    /// <summary>Whether another copy of this command may be under way or have been answered already.</summary>
    public bool MayHaveCopies => IsClientKey || Attempt > 0;
}
