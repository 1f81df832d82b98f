using System.Text.Json;
using AkkaScale.Gateway.Answers;

namespace AkkaScale.Gateway.Bodies;

/// <summary>
/// The members a body may have. Read by hand over the framework's tokens: its serializer would name CLR types in its faults, and the
/// OpenAPI document is made of the same list, so that it cannot disagree.
/// </summary>
internal sealed class BodyShape(params BodyField[] fields)
{
    /// <summary>Of JSON in JSON. No body has more than two levels; the bound keeps hostile ones cheap.</summary>
    public const int MaxDepth = 32;

    private const int MaxNameShown = 64;

    private static readonly JsonReaderOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        AllowTrailingCommas = false,
        AllowMultipleValues = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    /// <summary>For commands without a body; {} is accepted too.</summary>
    public static BodyShape None { get; } = new();

    public IReadOnlyList<BodyField> Fields => fields;

    public bool IsEmpty => fields.Length == 0;

    public int IndexOf(string name)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"The body has no member {name}.", nameof(name));
    }

    /// <summary>The values, or a problem with the place: path, line and byte, both from 1.</summary>
    public Problem? TryParse(ReadOnlySpan<byte> json, out BodyValues values)
    {
        var found = new object?[fields.Length];
        values = new(this, found);
        if (json.IsEmpty)
        {
            return IsEmpty ? null : Problem.BadRequest(ProblemCodes.RequestBody, "The body is missing.");
        }

        var reader = new Utf8JsonReader(json, Strict);
        var path = "$";
        try
        {
            Parse(ref reader, found, ref path);
            return null;
        }
        catch (BodyFaultException fault)
        {
            var place = fault.Index < 0 ? path : $"{path}[{fault.Index}]";
            return Problem.BadRequest(
                fault.IsId ? ProblemCodes.RequestId : ProblemCodes.RequestBody,
                $"{place} {fault.Message} ({Position(json, reader.TokenStartIndex)}).");
        }
        catch (JsonException malformed)
        {
            var position = $"line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}";
            return Problem.BadRequest(ProblemCodes.RequestBody, $"{path} is not valid JSON: {Reason(malformed)} ({position}).");
        }
    }

    private void Parse(ref Utf8JsonReader reader, object?[] found, ref string path)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new BodyFaultException("must be an object");
        }

        var seen = 0UL;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader);
            var field = fields[index];
            path = $"$.{field.Name}";
            if ((seen & (1UL << index)) != 0)
            {
                throw new BodyFaultException("is there twice");
            }

            seen |= 1UL << index;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null)
            {
                found[index] = field.Read(ref reader);
            }
            else if (field is { IsOptional: false, IsNullable: false })
            {
                throw new BodyFaultException("must not be null");
            }

            path = "$";
        }

        // One more read: it fails on whatever follows the object.
        var end = reader;
        reader.Read();
        reader = end;
        for (var i = 0; i < fields.Length; i++)
        {
            if (!fields[i].IsOptional && (seen & (1UL << i)) == 0)
            {
                path = $"$.{fields[i].Name}";
                throw new BodyFaultException("is missing");
            }
        }
    }

    private int Find(ref Utf8JsonReader reader)
    {
        string name;
        try
        {
            for (var i = 0; i < fields.Length; i++)
            {
                if (reader.ValueTextEquals(fields[i].Name))
                {
                    return i;
                }
            }

            name = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BodyFaultException("has a member whose name is invalid UTF-8");
        }

        // Escaped once more by the answer's own JSON; cut, since it is as long as the caller likes.
        throw new BodyFaultException($"has no member \"{(name.Length <= MaxNameShown ? name : name[..MaxNameShown] + "…")}\"");
    }

    private static string Position(ReadOnlySpan<byte> json, long at)
    {
        var before = json[..(int)at];
        var line = before.Count((byte)'\n') + 1;
        return $"line {line}, byte {before.Length - before.LastIndexOf((byte)'\n')}";
    }

    /// <summary>The framework's sentence without its own form of the position.</summary>
    private static string Reason(JsonException malformed)
    {
        var sentence = malformed.Message;
        var position = sentence.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? sentence : sentence[..position]).TrimEnd('.', ' ');
    }
}
