using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaScale.Sharding.Serialization;

/// <summary>The little that all forms of the serializer share.</summary>
internal static class JsonText
{
    /// <summary>Rows are read by people in SQL, never by a browser.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object.</summary>
    public static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            write(writer, value);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>A JSON value as somebody else writes it; checked, since it would spoil the row for ever.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        writer.WritePropertyName(name);
        writer.WriteRawValue(output.WrittenSpan);
    }

    /// <summary>In UTC, with the microseconds that are stored everywhere.</summary>
    public static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at) =>
        writer.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture));

    /// <exception cref="JsonException">Anything but an object.</exception>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        Expect(reader, JsonTokenType.StartObject);
        return reader;
    }

    /// <summary>Moves to the name of the next property; false at the object's end.</summary>
    public static bool Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.EndObject;
    }

    /// <summary>From a property's name to its value.</summary>
    public static ref Utf8JsonReader Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        return ref reader;
    }

    public static string Text(ref Utf8JsonReader reader) =>
        Value(ref reader).GetString() ?? throw new JsonException("A text is null.");

    public static Guid Id(ref Utf8JsonReader reader) =>
        Guid.TryParseExact(Text(ref reader), "N", out var id) ? id : throw new JsonException("An id is not 32 hexadecimal digits.");

    /// <summary>The bytes of the value, whatever it is.</summary>
    public static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> source)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return source[start..(int)reader.BytesConsumed];
    }

    public static void Expect(in Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"There is {reader.TokenType} instead of {type}.");
        }
    }

    public static T Given<T>(T? value, string name)
        where T : class => value ?? throw new JsonException($"There is no {name}.");

    public static T Given<T>(T? value, string name)
        where T : struct => value ?? throw new JsonException($"There is no {name}.");
}
