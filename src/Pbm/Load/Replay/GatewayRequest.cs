using System.Buffers;
using System.Text.Json;
using AkkaScale.Pbm.Load.Model;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>One request, the same bytes for every attempt.</summary>
/// <param name="Body">Null: no body.</param>
/// <param name="Key">The idempotency key; null on reads.</param>
public sealed record GatewayRequest(HttpMethod Method, string Path, byte[]? Body, string? Key, string? ActingUser)
{
    public static GatewayRequest Get(string path) => new(HttpMethod.Get, path, null, null, null);

    public static GatewayRequest For(LoadCommand command)
    {
        var id = Uri.EscapeDataString(command.EntityId);
        var (method, path, body) = command.Step switch
        {
            LoadStep.User => (HttpMethod.Put, $"/users/{id}", Json("name", command.Text)),
            LoadStep.Project => (HttpMethod.Put, $"/projects/{id}", Json("name", command.Text, "owner", command.ActingUser)),
            LoadStep.Create => (HttpMethod.Put, $"/tasks/{id}", Json("project", command.Project!, "title", command.Text)),
            LoadStep.Comment => (HttpMethod.Post, $"/tasks/{id}/comment", Json("text", command.Text)),
            LoadStep.Move => (HttpMethod.Post, $"/tasks/{id}/move", Json("project", command.Project!)),
            LoadStep.Rename => (HttpMethod.Post, $"/tasks/{id}/rename", Json("title", command.Text)),
            LoadStep.Complete => (HttpMethod.Post, $"/tasks/{id}/complete", null),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Step, null),
        };
        return new GatewayRequest(method, path, body, command.IdempotencyKey, command.ActingUser);
    }

    private static byte[] Json(string name, string value, string? secondName = null, string? secondValue = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString(name, value);
        if (secondName is not null)
        {
            writer.WriteString(secondName, secondValue);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
