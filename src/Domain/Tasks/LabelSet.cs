using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Tasks;

/// <summary>
/// Labels, each once, in ordinal order, equal by value; a JSON array of strings. A plain immutable array would make
/// two equal states differ, and their JSON depend on the order of commands.
/// </summary>
[JsonConverter(typeof(JsonForm))]
[CollectionBuilder(typeof(LabelSet), nameof(Create))]
public sealed class LabelSet : IReadOnlyList<string>, IEquatable<LabelSet>
{
    private readonly string[] _labels;

    private LabelSet(string[] labels) => _labels = labels;

    public static LabelSet Empty { get; } = new([]);

    public int Count => _labels.Length;

    public string this[int index] => _labels[index];

    public static LabelSet Create(ReadOnlySpan<string> labels) =>
        labels.IsEmpty ? Empty : new([.. new SortedSet<string>(labels.ToArray(), StringComparer.Ordinal)]);

    public bool Contains(string label) => Array.BinarySearch(_labels, label, StringComparer.Ordinal) >= 0;

    public LabelSet Union(LabelSet other) => [.. _labels, .. other._labels];

    public LabelSet Except(LabelSet other) => [.. _labels.Where(label => !other.Contains(label))];

    public bool Equals(LabelSet? other) => other is not null && _labels.AsSpan().SequenceEqual(other._labels);

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var label in _labels)
        {
            hash.Add(label, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _labels)}]";

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal sealed class JsonForm : JsonConverter<LabelSet>
    {
        public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new JsonException("Must be an array of strings.");
            }

            var labels = new List<string>();
            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                labels.Add(reader.GetString()!);
            }

            return reader.TokenType == JsonTokenType.EndArray
                ? [.. labels]
                : throw new JsonException("Must be an array of strings.");
        }

        public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var label in value._labels)
            {
                writer.WriteStringValue(label);
            }

            writer.WriteEndArray();
        }
    }
}
