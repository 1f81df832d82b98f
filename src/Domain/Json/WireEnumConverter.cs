using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Domain.Json;

/// <summary>
/// An enum as its camelCase name, exactly. The framework's converter also takes other cases, numbers and
/// comma-separated names: one meaning would have several spellings.
/// </summary>
public sealed class WireEnumConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly TEnum[] Values = Enum.GetValues<TEnum>();
    private static readonly string[] Names =
        [.. Values.Select(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))];

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            for (var i = 0; i < Names.Length; i++)
            {
                if (reader.ValueTextEquals(Names[i]))
                {
                    return Values[i];
                }
            }
        }

        throw new JsonException($"Must be one of: {string.Join(", ", Names)}.");
    }

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options)
    {
        var index = Array.IndexOf(Values, value);
        writer.WriteStringValue(index >= 0 ? Names[index] : throw new JsonException($"{value} is no {typeof(TEnum).Name}."));
    }
}
