namespace AkkaScale.Domain;

/// <summary>What a decision may know besides state and command. Time and identity come from here and nowhere else.</summary>
/// <param name="EntityId">Id of the deciding entity.</param>
/// <param name="Version">Its sequence number before the command; 0 if it has no event yet.</param>
/// <param name="ActingUser">Who acts; recorded in every event.</param>
/// <param name="At">The time of the decision, never earlier than the entity's latest event.</param>
public readonly record struct DomainContext(string EntityId, long Version, string ActingUser, DateTimeOffset At);
