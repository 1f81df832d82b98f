namespace AkkaScale.Sharding.Reading;

/// <summary>An event of an entity as the journal has it.</summary>
/// <param name="Version">The entity's version after it.</param>
/// <param name="EventType">As the kind names it, with "@version" from version 2 on.</param>
/// <param name="Payload">JSON, not yet upcast.</param>
/// <param name="CommandId">Of the last event of a command; null for its earlier ones.</param>
/// <param name="Lease">Null when it was written without a fence.</param>
public sealed record StoredEntityEvent(
    long Version, string EventType, ReadOnlyMemory<byte> Payload, DateTimeOffset At, string? CommandId, string? Lease, long? Epoch);
