using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// <c>{"version":100,"at":"…","state":{…},"truncated":true,"commands":[{"version":7,"command":"…","answer":{…}},…]}</c>, the state as its
/// kind writes it for snapshots.
/// </summary>
internal static class SnapshotJson
{
    public static byte[] Write(EntityMemorySnapshot snapshot, IEntityKind kind) => JsonText.Write((snapshot, kind), static (writer, both) =>
    {
        writer.WriteNumber("version"u8, both.snapshot.Version);
        JsonText.WriteTime(writer, "at"u8, both.snapshot.LastAt);
        writer.WritePropertyName("state"u8);
        writer.WriteRawValue(both.kind.WriteSnapshot(both.snapshot.State));
        if (both.snapshot.Truncated)
        {
            writer.WriteBoolean("truncated"u8, true);
        }

        writer.WriteStartArray("commands"u8);
        foreach (var command in both.snapshot.Commands)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, command.Version);
            AnswerJson.Write(writer, command);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>Whether it is a snapshot at all: a kind's event may be named as the state is.</summary>
    public static bool Is(ReadOnlyMemory<byte> bytes)
    {
        var reader = JsonText.Open(bytes.Span);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("state"u8))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    public static EntityMemorySnapshot Read(ReadOnlyMemory<byte> bytes, IEntityKind kind)
    {
        var snapshot = new EntityMemorySnapshot(kind.Name, 0, default, null!, [], false);
        var reader = JsonText.Open(bytes.Span);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("version"u8))
            {
                snapshot = snapshot with { Version = JsonText.Value(ref reader).GetInt64() };
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                snapshot = snapshot with { LastAt = JsonText.Value(ref reader).GetDateTimeOffset() };
            }
            else if (reader.ValueTextEquals("state"u8))
            {
                snapshot = snapshot with { State = kind.ReadSnapshot(JsonText.Raw(ref reader, bytes)) };
            }
            else if (reader.ValueTextEquals("truncated"u8))
            {
                snapshot = snapshot with { Truncated = JsonText.Value(ref reader).GetBoolean() };
            }
            else if (reader.ValueTextEquals("commands"u8))
            {
                snapshot = snapshot with { Commands = ReadCommands(ref reader) };
            }
            else
            {
                reader.Skip();
            }
        }

        return snapshot.State is null ? throw new JsonException("There is no state.") : snapshot;
    }

    private static List<RememberedCommand> ReadCommands(ref Utf8JsonReader reader)
    {
        var commands = new List<RememberedCommand>();
        reader.Read();
        JsonText.Expect(reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            commands.Add(ReadCommand(ref reader));
        }

        return commands;
    }

    private static RememberedCommand ReadCommand(ref Utf8JsonReader reader)
    {
        var command = default(RememberedCommand);
        JsonText.Expect(reader, JsonTokenType.StartObject);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("version"u8))
            {
                command = command with { Version = JsonText.Value(ref reader).GetInt64() };
            }
            else if (reader.ValueTextEquals("command"u8))
            {
                command = command with { CommandId = JsonText.Id(ref reader) };
            }
            else if (reader.ValueTextEquals("hash"u8))
            {
                command = command with { Hash = AnswerJson.ReadHash(ref reader) };
            }
            else if (reader.ValueTextEquals("answer"u8))
            {
                command = command with { Answer = AnswerJson.ReadAnswer(ref reader) };
            }
            else
            {
                reader.Skip();
            }
        }

        return command.Answer is null ? throw new JsonException("There is no answer.") : command;
    }
}
