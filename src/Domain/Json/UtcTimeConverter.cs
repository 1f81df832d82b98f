using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Json;

/// <summary>
/// A moment as RFC 3339, written in UTC with "Z". A date alone, or a time without an offset, is refused: the
/// framework would read it in the time zone of the machine.
/// </summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String
            && reader.TryGetDateTimeOffset(out var time)
            && NamesItsOffset(reader.GetString()!))
        {
            return time.ToUniversalTime();
        }

        throw new JsonException("Must be a time as in RFC 3339, with Z or an offset.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    private static bool NamesItsOffset(string text)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && text.AsSpan(time).ContainsAny('Z', '+', '-');
    }
}
