using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// A stored answer and the command that it is of: <c>"command"</c>, <c>"hash"</c> and <c>"answer"</c>, which stand beside other properties.
/// What has its usual value is left out.
/// </summary>
internal static class AnswerJson
{
    public static void Write(Utf8JsonWriter writer, in RememberedCommand command)
    {
        writer.WriteString("command"u8, RememberedCommand.Text(command.CommandId));
        WriteHash(writer, command.Hash);
        writer.WriteStartObject("answer"u8);
        writer.WriteString("status"u8, WireNames.Of(command.Answer.Status));
        if (command.Answer.Created)
        {
            writer.WriteBoolean("created"u8, true);
        }

        WriteText(writer, "code"u8, command.Answer.Code);
        WriteText(writer, "detail"u8, command.Answer.Detail);
        writer.WriteEndObject();
    }

    public static void WriteHash(Utf8JsonWriter writer, in PayloadHash hash)
    {
        if (!hash.IsEmpty)
        {
            Span<byte> bytes = stackalloc byte[PayloadHash.Length];
            hash.CopyTo(bytes);
            writer.WriteBase64String("hash"u8, bytes);
        }
    }

    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            writer.WriteString(name, text);
        }
    }

    public static PayloadHash ReadHash(ref Utf8JsonReader reader) =>
        JsonText.Value(ref reader).GetBytesFromBase64() is { Length: PayloadHash.Length } bytes
            ? PayloadHash.FromBytes(bytes)
            : throw new JsonException("A hash has a wrong length.");

    public static StoredAnswer ReadAnswer(ref Utf8JsonReader reader)
    {
        var answer = StoredAnswer.Accepted;
        string? status = null;
        reader.Read();
        JsonText.Expect(reader, JsonTokenType.StartObject);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("status"u8))
            {
                status = JsonText.Text(ref reader);
            }
            else if (reader.ValueTextEquals("created"u8))
            {
                answer = answer with { Created = JsonText.Value(ref reader).GetBoolean() };
            }
            else if (reader.ValueTextEquals("code"u8))
            {
                answer = answer with { Code = JsonText.Text(ref reader) };
            }
            else if (reader.ValueTextEquals("detail"u8))
            {
                answer = answer with { Detail = JsonText.Text(ref reader) };
            }
            else
            {
                reader.Skip();
            }
        }

        // One object for each of the usual answers: an entity remembers hundreds.
        answer = answer with { Status = WireNames.Status(JsonText.Given(status, "status")) };
        return answer == StoredAnswer.Accepted ? StoredAnswer.Accepted
            : answer == StoredAnswer.CreatedAnswer ? StoredAnswer.CreatedAnswer
            : answer == StoredAnswer.Unchanged ? StoredAnswer.Unchanged
            : answer;
    }
}
