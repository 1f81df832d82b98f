using System.Net;
using System.Text.Json;

namespace AkkaScale.Tests.Support;

/// <summary>One answer of a gateway.</summary>
/// <param name="Body">JSON text, of a resource or of problem details.</param>
/// <param name="Replayed">The answer repeats an earlier one for the same key.</param>
public sealed record GatewayAnswer(HttpStatusCode Status, string Body, bool Replayed)
{
    /// <summary>After which to come again, if the answer says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The entity's version, or null when the answer has none.</summary>
    public long? Version => Member("version") is { ValueKind: JsonValueKind.Number } version ? version.GetInt64() : null;

    /// <summary>The problem's stable code, or null.</summary>
    public string? Code => Member("code") is { ValueKind: JsonValueKind.String } code ? code.GetString() : null;

    public JsonElement? Member(string name)
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
                ? value.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => $"{(int)Status} {Body}";
}
