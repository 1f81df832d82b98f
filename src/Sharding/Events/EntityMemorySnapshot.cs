namespace AkkaScale.Sharding.Events;

/// <summary>What an entity would otherwise fold from its rows: its state and the commands that it answered last.</summary>
/// <param name="LastAt">Of the latest row.</param>
/// <param name="State">Of the kind's state type, immutable: it is written when it is saved, by the store.</param>
/// <param name="Commands">Oldest first.</param>
/// <param name="Truncated">Whether there are answers in the journal that are not in <paramref name="Commands"/>.</param>
internal sealed record EntityMemorySnapshot(
    string Kind,
    long Version,
    DateTimeOffset LastAt,
    object State,
    IReadOnlyList<RememberedCommand> Commands,
    bool Truncated);
