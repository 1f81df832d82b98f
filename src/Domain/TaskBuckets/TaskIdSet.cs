using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Domain.TaskBuckets;

/// <summary>
/// Ids of tasks, each once, in ordinal order, equal by value; a JSON array of strings. A tree: one task more shares the rest of thousands.
/// </summary>
[JsonConverter(typeof(JsonForm))]
public sealed class TaskIdSet : IReadOnlyCollection<string>, IEquatable<TaskIdSet>
{
    private readonly ImmutableSortedSet<string> _ids;

    private TaskIdSet(ImmutableSortedSet<string> ids) => _ids = ids;

    public static TaskIdSet Empty { get; } = new(ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    public int Count => _ids.Count;

    public static TaskIdSet Of(IEnumerable<string> ids) => new(Empty._ids.Union(ids));

    public bool Contains(string id) => _ids.Contains(id);

    public TaskIdSet With(string id) => new(_ids.Add(id));

    public TaskIdSet Without(string id) => new(_ids.Remove(id));

    /// <summary>Those behind an id, which need not be here, in order.</summary>
    public IEnumerable<string> After(string id)
    {
        var found = _ids.IndexOf(id);
        for (var index = found >= 0 ? found + 1 : ~found; index < _ids.Count; index++)
        {
            yield return _ids[index];
        }
    }

    public bool Equals(TaskIdSet? other) => other is not null && _ids.SequenceEqual(other._ids, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as TaskIdSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var id in _ids)
        {
            hash.Add(id, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _ids)}]";

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_ids).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal sealed class JsonForm : JsonConverter<TaskIdSet>
    {
        public override TaskIdSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("Must be an array of strings.");
            }

            var ids = Empty._ids.ToBuilder();
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                ids.Add(reader.GetString()!);
            }

            return reader.TokenType == JsonTokenType.EndArray
                ? new(ids.ToImmutable())
                : throw new JsonException("Must be an array of strings.");
        }

        public override void Write(Utf8JsonWriter writer, TaskIdSet value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var id in value._ids)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
        }
    }
}
