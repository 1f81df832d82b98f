using AkkaScale.Entities;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// What the engine remembers of an entity beside its state: the timers that are set and the messages accepted. A fold of the
/// journal like the state; kept in its snapshot and handed off with it.
/// </summary>
/// <param name="Timers">By name: when it is due, and at which sequence number it was set.</param>
/// <param name="Inbox">By sender: the highest message number accepted.</param>
internal sealed record EngineState(
    ImmutableSortedDictionary<string, TimerSetting> Timers, ImmutableDictionary<EntityKey, long> Inbox)
{
    public static EngineState Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, TimerSetting>(StringComparer.Ordinal), ImmutableDictionary<EntityKey, long>.Empty);

    public bool IsEmpty => Timers.IsEmpty && Inbox.IsEmpty;

    /// <summary>Nothing for the empty one, else UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Encode() => IsEmpty
        ? default
        : JsonSerializer.SerializeToUtf8Bytes(
            new EngineStateDocument(
                [.. Timers.Select(timer => new TimerDocument(timer.Key, timer.Value.Version, timer.Value.DueAt))],
                [.. Inbox.OrderBy(entry => entry.Key.Kind, StringComparer.Ordinal).ThenBy(entry => entry.Key.Id, StringComparer.Ordinal)
                    .Select(entry => new InboxDocument(entry.Key.Kind, entry.Key.Id, entry.Value))]),
            EngineStateJson.Default.EngineStateDocument);

    /// <exception cref="JsonException">Not what <see cref="Encode"/> wrote.</exception>
    public static EngineState Decode(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return Empty;
        }

        var document = JsonSerializer.Deserialize(encoded.Span, EngineStateJson.Default.EngineStateDocument)
            ?? throw new JsonException("The engine's part of a snapshot is null.");
        return new EngineState(
            Empty.Timers.AddRange(document.Timers.Select(timer => KeyValuePair.Create(timer.Name, new TimerSetting(timer.Version, timer.DueAt)))),
            Empty.Inbox.AddRange(document.Inbox.Select(entry => KeyValuePair.Create(new EntityKey(entry.Kind, entry.Id), entry.Nr))));
    }
}

/// <param name="Version">Sequence number of the event that set it.</param>
internal readonly record struct TimerSetting(long Version, DateTimeOffset DueAt);

internal sealed record EngineStateDocument(IReadOnlyList<TimerDocument> Timers, IReadOnlyList<InboxDocument> Inbox);

internal sealed record TimerDocument(string Name, long Version, DateTimeOffset DueAt);

internal sealed record InboxDocument(string Kind, string Id, long Nr);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EngineStateDocument))]
internal sealed partial class EngineStateJson : JsonSerializerContext;
