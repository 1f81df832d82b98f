using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaScale.Domain.Json;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Validation;
using AkkaScale.Gateway.Ids;
using Microsoft.OpenApi;

namespace AkkaScale.Gateway.Bodies;

/// <summary>One member of a request body: how it is read, and what the OpenAPI document says of it.</summary>
/// <param name="Name">As it stands in the JSON.</param>
internal abstract record BodyField(string Name)
{
    /// <summary>May be absent. Null then means the same as absent.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Must be there, but may be null, which says "none".</summary>
    public bool IsNullable { get; init; }

    public abstract OpenApiSchema Schema { get; }

    public static BodyField Text(string name, int maxLength) => new TextField(name, maxLength);

    public static BodyField Id(string name) => new IdField(name);

    public static BodyField Time(string name) => new TimeField(name);

    public static BodyField Labels(string name) => new LabelsField(name);

    public static BodyField Choice<TEnum>(string name)
        where TEnum : struct, Enum => new ChoiceField<TEnum>(name);

    public BodyField Optional() => this with { IsOptional = true };

    public BodyField Nullable() => this with { IsNullable = true };

    /// <summary>Reads the value the reader stands on; it is not null.</summary>
    /// <exception cref="BodyFaultException">It is not of this field's type.</exception>
    public abstract object Read(ref Utf8JsonReader reader);

    /// <summary>Text without U+0000 and lone surrogates.</summary>
    protected static string ReadText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new BodyFaultException("must be a string");
        }

        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BodyFaultException("holds invalid UTF-8 or a lone surrogate");
        }

        return text.Contains('\0', StringComparison.Ordinal) ? throw new BodyFaultException("holds U+0000") : text;
    }

    /// <param name="MaxLength">For the document; the entity enforces it.</param>
    private sealed record TextField(string Name, int MaxLength) : BodyField(Name)
    {
        public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, MaxLength = MaxLength };

        public override object Read(ref Utf8JsonReader reader) => ReadText(ref reader);
    }

    private sealed record IdField(string Name) : BodyField(Name)
    {
        public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Limits.IdLength };

        public override object Read(ref Utf8JsonReader reader)
        {
            var id = ReadText(ref reader);
            return EntityId.Fault(id) is { } fault ? throw new BodyFaultException(fault) { IsId = true } : id;
        }
    }

    private sealed record TimeField(string Name) : BodyField(Name)
    {
        private static readonly UtcTimeConverter Converter = new();

        public override OpenApiSchema Schema => new() { Type = JsonSchemaType.String, Format = "date-time" };

        public override object Read(ref Utf8JsonReader reader) => ReadWith(Converter, ref reader);
    }

    private sealed record ChoiceField<TEnum>(string Name) : BodyField(Name)
        where TEnum : struct, Enum
    {
        private static readonly WireEnumConverter<TEnum> Converter = new();

        public override OpenApiSchema Schema => new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetNames<TEnum>().Select(name => JsonNamingPolicy.CamelCase.ConvertName(name))],
        };

        public override object Read(ref Utf8JsonReader reader) => ReadWith(Converter, ref reader);
    }

    private sealed record LabelsField(string Name) : BodyField(Name)
    {
        public override OpenApiSchema Schema => new()
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Limits.LabelLength },
            MaxItems = Limits.LabelsPerTask,
        };

        public override object Read(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new BodyFaultException("must be an array of strings");
            }

            var labels = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                try
                {
                    labels.Add(ReadText(ref reader));
                }
                catch (BodyFaultException fault)
                {
                    fault.Index = labels.Count;
                    throw;
                }
            }

            return LabelSet.Create([.. labels]);
        }
    }

    private static object ReadWith<TValue>(JsonConverter<TValue> converter, ref Utf8JsonReader reader)
        where TValue : struct
    {
        try
        {
            return converter.Read(ref reader, typeof(TValue), JsonSerializerOptions.Default);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The domain's converters word their refusals for people: "Must be …".
            throw new BodyFaultException(exception is JsonException ? Clause(exception.Message) : "holds invalid UTF-8");
        }
    }

    private static string Clause(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');
}
