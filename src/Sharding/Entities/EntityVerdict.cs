using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>What a command or read comes to.</summary>
/// <param name="IsFault">The kind's code failed: no answer of the entity, so not one to be remembered.</param>
internal readonly record struct EntityVerdict(
    object NewState, IReadOnlyList<EncodedEvent> Events, ReplyStatus Status, Refusal? Refusal, bool IsFault);
