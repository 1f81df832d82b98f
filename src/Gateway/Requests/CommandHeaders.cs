using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Options;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Requests;

/// <summary>What the headers of a changing request say.</summary>
/// <param name="Key">The idempotency key; null if the client has none.</param>
internal readonly record struct CommandHeaders(string ActingUser, string? Key, long? ExpectedVersion, TimeSpan Wait)
{
    public static Problem? TryRead(IHeaderDictionary headers, GatewayOptions options, out CommandHeaders read)
    {
        read = default;
        string? key = null;
        long? expectedVersion = null;
        var wait = options.DefaultWait;
        if ((RequestHeaders.TryReadActingUser(headers, out var user)
            ?? RequestHeaders.TryReadIdempotencyKey(headers, out key)
            ?? RequestHeaders.TryReadIfMatch(headers, out expectedVersion)
            ?? RequestHeaders.TryReadWait(headers, options.LongestWait, options.DefaultWait, out wait)) is { } problem)
        {
            return problem;
        }

        read = new(user, key, expectedVersion, wait);
        return null;
    }
}
