using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// Rows of the journal: <c>{"version":3,"at":"…","event":{…},"command":"…","hash":"…","answer":{"status":"accepted"}}</c>, the event as its
/// kind writes it; without <c>"event"</c> a stored answer.
/// </summary>
internal static class RowJson
{
    public static byte[] Write(EntityEvent happened) => JsonText.Write(happened, static (writer, happened) =>
    {
        writer.WriteNumber("version"u8, happened.Version);
        JsonText.WriteTime(writer, "at"u8, happened.At);
        writer.WritePropertyName("event"u8);
        writer.WriteRawValue(happened.Payload.Span);
        if (happened.Answered is { } answered)
        {
            AnswerJson.Write(writer, answered);
        }
    });

    public static byte[] Write(EntityAnswered answered) => JsonText.Write(answered, static (writer, answered) =>
    {
        writer.WriteNumber("version"u8, answered.Answered.Version);
        JsonText.WriteTime(writer, "at"u8, answered.At);
        AnswerJson.Write(writer, answered.Answered);
    });

    public static EntityEvent ReadEvent(ReadOnlyMemory<byte> bytes, string kind, string eventType)
    {
        var row = Read(bytes);
        return new EntityEvent(kind, eventType, JsonText.Given(row.Event, "event"), row.Version, row.At)
        {
            Answered = row.Answer is null ? null : row.Answered,
        };
    }

    public static EntityAnswered ReadAnswered(ReadOnlyMemory<byte> bytes)
    {
        var row = Read(bytes);
        return row.Answer is null ? throw new JsonException("There is no answer.") : new EntityAnswered(row.Answered, row.At);
    }

    private static Row Read(ReadOnlyMemory<byte> bytes)
    {
        var row = default(Row);
        var reader = JsonText.Open(bytes.Span);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("version"u8))
            {
                row.Version = JsonText.Value(ref reader).GetInt64();
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                row.At = JsonText.Value(ref reader).GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                row.Event = JsonText.Raw(ref reader, bytes);
            }
            else if (reader.ValueTextEquals("command"u8))
            {
                row.Command = JsonText.Id(ref reader);
            }
            else if (reader.ValueTextEquals("hash"u8))
            {
                row.Hash = AnswerJson.ReadHash(ref reader);
            }
            else if (reader.ValueTextEquals("answer"u8))
            {
                row.Answer = AnswerJson.ReadAnswer(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return row;
    }

    private struct Row
    {
        public long Version;
        public DateTimeOffset At;
        public ReadOnlyMemory<byte>? Event;
        public Guid Command;
        public PayloadHash Hash;
        public StoredAnswer? Answer;

        public readonly RememberedCommand Answered => new(Command, Hash, Version, Answer!);
    }
}
