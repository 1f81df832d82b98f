using AkkaScale.Journal.Options;

namespace AkkaScale.Sharding.Events;

/// <summary>An event of an entity's kind, as a row of the journal.</summary>
/// <param name="EventType">As the kind names it.</param>
/// <param name="Payload">JSON, as the kind writes it.</param>
/// <param name="Version">
/// The entity's version after it. Not the row's order number: rows that only store an answer have one too, and no version.
/// </param>
internal sealed record EntityEvent(
    string Kind, string EventType, ReadOnlyMemory<byte> Payload, long Version, DateTimeOffset At) : IHasCommandId
{
    /// <summary>The command that it is the last event of; null for all earlier ones.</summary>
    public RememberedCommand? Answered { get; init; }

    public string? CommandId => Answered is { } answered ? RememberedCommand.Text(answered.CommandId) : null;
}
