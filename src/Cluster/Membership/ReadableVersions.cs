using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Cluster.Membership;

/// <summary>
/// What a member reads: for each entity kind the event types, "name" or "name@version", and the version of stored states. Kept as compact
/// JSON in canonical order, {"task":{"state":1,"events":["created","created@2"]}}, and taken apart when it is first asked.
/// </summary>
public sealed partial class ReadableVersions : IEquatable<ReadableVersions>
{
    private readonly Lazy<FrozenDictionary<string, Kind>> _kinds;

    private ReadableVersions(string json)
    {
        Json = json;
        _kinds = new(() => Parsed(Json));
    }

    public string Json { get; }

    /// <summary>Names of the kinds, in ordinal order.</summary>
    public IEnumerable<string> Kinds => _kinds.Value.Keys.Order(StringComparer.Ordinal);

    /// <param name="kinds">Name, state version and event types of each.</param>
    public static ReadableVersions Of(IEnumerable<(string Name, int StateVersion, IEnumerable<string> EventTypes)> kinds)
    {
        var document = new SortedDictionary<string, KindDocument>(StringComparer.Ordinal);
        foreach (var (name, state, types) in kinds)
        {
            document.Add(name, new KindDocument(state, [.. types.Order(StringComparer.Ordinal)]));
        }

        return new(JsonSerializer.Serialize(document, ReadableVersionsJson.Default.SortedDictionaryStringKindDocument));
    }

    /// <summary>As it was written. What is malformed reads nothing, and says so only when it is asked.</summary>
    public static ReadableVersions Parse(string json) => new(json);

    public bool ReadsEvent(string kind, string eventType) => _kinds.Value.TryGetValue(kind, out var known) && known.Events.Contains(eventType);

    /// <summary>Null: it does not know the kind.</summary>
    public int? StateVersionOf(string kind) => _kinds.Value.TryGetValue(kind, out var known) ? known.StateVersion : null;

    /// <summary>The event types of a kind, in ordinal order; none if it does not know the kind.</summary>
    public IReadOnlyList<string> EventTypesOf(string kind) =>
        _kinds.Value.TryGetValue(kind, out var known) ? [.. known.Events.Order(StringComparer.Ordinal)] : [];

    public bool Equals(ReadableVersions? other) => other is not null && other.Json == Json;

    public override bool Equals(object? other) => Equals(other as ReadableVersions);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Json);

    public override string ToString() => Json;

    private static FrozenDictionary<string, Kind> Parsed(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, ReadableVersionsJson.Default.SortedDictionaryStringKindDocument) ?? [];
            return document.ToFrozenDictionary(
                kind => kind.Key, kind => new Kind(kind.Value.State, kind.Value.Events.ToFrozenSet(StringComparer.Ordinal)), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // The row of another program: one that reads nothing holds newer events back and harms nobody.
            return FrozenDictionary<string, Kind>.Empty;
        }
    }

    private sealed record Kind(int StateVersion, FrozenSet<string> Events);

    internal sealed record KindDocument(int State, IReadOnlyList<string> Events);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(SortedDictionary<string, KindDocument>))]
    private sealed partial class ReadableVersionsJson : JsonSerializerContext;
}
