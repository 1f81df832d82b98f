namespace AkkaScale.Entities;

/// <summary>What a decision may know besides state and command.</summary>
/// <param name="EntityId">Id of the deciding entity.</param>
/// <param name="Version">Its version before the command; 0 if it has no event yet.</param>
/// <param name="ActingUser">Who acts; empty if unknown.</param>
/// <param name="At">The time of the decision, never earlier than the entity's latest event.</param>
public readonly record struct CommandContext(string EntityId, long Version, string ActingUser, DateTimeOffset At);

/// <summary>What folding an event may know besides state and event.</summary>
/// <param name="Version">The entity's version after the event: the first event makes version 1.</param>
/// <param name="At">When it happened.</param>
public readonly record struct EventContext(string EntityId, long Version, DateTimeOffset At);
