using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// <c>{"outcome":"unknown","detail":"…"}</c>, or <c>{"outcome":"answered","status":"accepted","version":3,"body":{…}}</c>, the body as the
/// kind shows its state.
/// </summary>
internal static class OutcomeJson
{
    public static byte[] Write(EntityOutcome outcome) => JsonText.Write(outcome, static (writer, outcome) =>
    {
        writer.WriteString("outcome"u8, WireNames.Of(outcome.Kind));
        if (outcome.Reply is not { } reply)
        {
            AnswerJson.WriteText(writer, "detail"u8, outcome.Detail);
            return;
        }

        writer.WriteString("status"u8, WireNames.Of(reply.Status));
        writer.WriteNumber("version"u8, reply.Version);
        if (reply.Created)
        {
            writer.WriteBoolean("created"u8, true);
        }

        if (reply.Replayed)
        {
            writer.WriteBoolean("replayed"u8, true);
        }

        AnswerJson.WriteText(writer, "code"u8, reply.Code);
        AnswerJson.WriteText(writer, "detail"u8, reply.Detail);
        if (reply.Body is { } body)
        {
            JsonText.WriteRaw(writer, "body"u8, body.WriteTo);
        }
    });

    /// <exception cref="JsonException">It is not an outcome of this form.</exception>
    public static EntityOutcome Read(ReadOnlyMemory<byte> bytes)
    {
        OutcomeKind? kind = null;
        ReplyStatus? status = null;
        var reply = new EntityReply(default, "", "", 0, false, false, null);
        var reader = JsonText.Open(bytes.Span);
        while (JsonText.Next(ref reader))
        {
            switch (reader.GetString())
            {
                case "outcome":
                    kind = WireNames.Outcome(JsonText.Text(ref reader));
                    break;
                case "status":
                    status = WireNames.Status(JsonText.Text(ref reader));
                    break;
                case "version":
                    reply = reply with { Version = JsonText.Value(ref reader).GetInt64() };
                    break;
                case "created":
                    reply = reply with { Created = JsonText.Value(ref reader).GetBoolean() };
                    break;
                case "replayed":
                    reply = reply with { Replayed = JsonText.Value(ref reader).GetBoolean() };
                    break;
                case "code":
                    reply = reply with { Code = JsonText.Text(ref reader) };
                    break;
                case "detail":
                    reply = reply with { Detail = JsonText.Text(ref reader) };
                    break;
                case "body":
                    reply = reply with { Body = new JsonBody(JsonText.Raw(ref reader, bytes)) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return JsonText.Given(kind, "outcome") == OutcomeKind.Answered
            ? EntityOutcome.Answered(reply with { Status = JsonText.Given(status, "status") })
            : new EntityOutcome(kind!.Value, reply.Detail, null);
    }
}
