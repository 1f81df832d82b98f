using System.Buffers;
using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// <c>{"kind":"task","id":"t-1","command":{…},"commandId":"…","remaining":14998}</c> and what an ask has besides; the command as its kind
/// writes it, the deadline as milliseconds that remain.
/// </summary>
internal static class AskJson
{
    /// <param name="now">Of this process's own monotonic clock.</param>
    public static byte[] Write(EntityAsk ask, IEntityKind kind, TimeSpan now) => JsonText.Write((ask, kind, now), static (writer, all) =>
    {
        var (ask, kind, now) = all;
        writer.WriteString("kind"u8, ask.Entity.Kind);
        writer.WriteString("id"u8, ask.Entity.Id);
        JsonText.WriteRaw(writer, "command"u8, output => kind.WriteCommand(output, ask.Command));
        writer.WriteString("commandId"u8, ask.CommandId.ToString("N"));
        writer.WriteNumber("remaining"u8, ask.Deadline > now ? (long)(ask.Deadline - now).TotalMilliseconds : 0);
        WriteTrue(writer, "clientKey"u8, ask.IsClientKey);
        WriteTrue(writer, "read"u8, ask.IsRead);
        WriteTrue(writer, "confirmed"u8, ask.IsConfirmed);
        if (ask.Attempt > 0)
        {
            writer.WriteNumber("attempt"u8, ask.Attempt);
        }

        AnswerJson.WriteHash(writer, ask.Hash);
        if (ask.ExpectedVersion is { } expected)
        {
            writer.WriteNumber("expectedVersion"u8, expected);
        }

        AnswerJson.WriteText(writer, "user"u8, ask.ActingUser);
        if (ask.Precondition is { } refusal)
        {
            writer.WriteStartObject("precondition"u8);
            writer.WriteString("code"u8, refusal.Code);
            writer.WriteString("detail"u8, refusal.Detail);
            writer.WriteEndObject();
        }
    });

    /// <summary>Whom an ask is for, in whatever form the rest is; null when even that cannot be told.</summary>
    public static EntityKey? FindEntity(ReadOnlySpan<byte> bytes)
    {
        string? kind = null;
        string? id = null;
        try
        {
            var reader = JsonText.Open(bytes);
            while ((kind is null || id is null) && JsonText.Next(ref reader))
            {
                if (reader.ValueTextEquals("kind"u8))
                {
                    kind = JsonText.Text(ref reader);
                }
                else if (reader.ValueTextEquals("id"u8))
                {
                    id = JsonText.Text(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }

        return kind is null || id is null ? null : new EntityKey(kind, id);
    }

    /// <exception cref="JsonException">It is not an ask of this form.</exception>
    public static EntityAsk Read(ReadOnlyMemory<byte> bytes, EntityKey entity, IEntityKind kind, TimeSpan now)
    {
        var ask = new EntityAsk(entity, null!, default, default);
        Guid? commandId = null;
        long? remaining = null;
        var reader = JsonText.Open(bytes.Span);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("command"u8))
            {
                ask = ask with { Command = kind.ReadCommand(new ReadOnlySequence<byte>(JsonText.Raw(ref reader, bytes))) };
            }
            else if (reader.ValueTextEquals("commandId"u8))
            {
                commandId = JsonText.Id(ref reader);
            }
            else if (reader.ValueTextEquals("remaining"u8))
            {
                remaining = JsonText.Value(ref reader).GetInt64();
            }
            else if (!TryReadRest(ref reader, ref ask))
            {
                reader.Skip();
            }
        }

        return ask with
        {
            Command = JsonText.Given(ask.Command, "command"),
            CommandId = JsonText.Given(commandId, "commandId"),
            Deadline = now + TimeSpan.FromMilliseconds(JsonText.Given(remaining, "remaining")),
        };
    }

    private static bool TryReadRest(ref Utf8JsonReader reader, ref EntityAsk ask)
    {
        switch (reader.GetString())
        {
            case "clientKey":
                ask = ask with { IsClientKey = JsonText.Value(ref reader).GetBoolean() };
                return true;
            case "read":
                ask = ask with { IsRead = JsonText.Value(ref reader).GetBoolean() };
                return true;
            case "confirmed":
                ask = ask with { IsConfirmed = JsonText.Value(ref reader).GetBoolean() };
                return true;
            case "attempt":
                ask = ask with { Attempt = JsonText.Value(ref reader).GetInt32() };
                return true;
            case "hash":
                ask = ask with { Hash = AnswerJson.ReadHash(ref reader) };
                return true;
            case "expectedVersion":
                ask = ask with { ExpectedVersion = JsonText.Value(ref reader).GetInt64() };
                return true;
            case "user":
                ask = ask with { ActingUser = JsonText.Text(ref reader) };
                return true;
            case "precondition":
                ask = ask with { Precondition = ReadRefusal(ref reader) };
                return true;
            default:
                return false;
        }
    }

    private static Refusal ReadRefusal(ref Utf8JsonReader reader)
    {
        string? code = null;
        var detail = "";
        reader.Read();
        JsonText.Expect(reader, JsonTokenType.StartObject);
        while (JsonText.Next(ref reader))
        {
            if (reader.ValueTextEquals("code"u8))
            {
                code = JsonText.Text(ref reader);
            }
            else if (reader.ValueTextEquals("detail"u8))
            {
                detail = JsonText.Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new Refusal(JsonText.Given(code, "code"), detail);
    }

    private static void WriteTrue(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }
}
