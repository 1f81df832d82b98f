using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>Takes from an answer the few members that accounting needs, without building objects for the rest.</summary>
internal static class AnswerParser
{
    public static GatewayAnswer Parse(HttpResponseMessage response, byte[] body, TimeProvider time)
    {
        var (version, code) = ReadBody(body);
        var replayed = response.Headers.TryGetValues("Idempotency-Replayed", out var values)
            && values.Any(value => value.Equals("true", StringComparison.OrdinalIgnoreCase));
        return new GatewayAnswer(
            (int)response.StatusCode,
            version,
            ReadETag(response.Headers),
            response.IsSuccessStatusCode ? null : code,
            replayed,
            ReadRetryAfter(response.Headers.RetryAfter, time),
            body);
    }

    /// <summary>The top-level `version` and `code`; nulls where the body is not such an object.</summary>
    internal static (long? Version, string? Code) ReadBody(ReadOnlySpan<byte> body)
    {
        long? version = null;
        string? code = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isVersion = reader.ValueTextEquals("version"u8);
                var isCode = reader.ValueTextEquals("code"u8);
                reader.Read();
                if (isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
                {
                    version = number;
                }
                else if (isCode && reader.TokenType == JsonTokenType.String)
                {
                    code = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return default;
        }

        return (version, code);
    }

    private static long? ReadETag(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("ETag", out var values))
        {
            return null;
        }

        var text = values.ToString().AsSpan().Trim('"');
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static TimeSpan? ReadRetryAfter(RetryConditionHeaderValue? header, TimeProvider time) =>
        header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
}
