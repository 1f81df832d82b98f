using System.Collections.Frozen;

namespace AkkaScale.Gateway.Answers;

/// <summary>The codes that the edge itself gives, and how codes become problem types and titles.</summary>
internal static class ProblemCodes
{
    public const string RequestTarget = "request/target";
    public const string RequestFraming = "request/framing";
    public const string RequestId = "request/id";
    public const string RequestNoSuchRoute = "request/no-such-route";
    public const string RequestMethod = "request/method";
    public const string RequestBody = "request/body";
    public const string RequestBodyTooLarge = "request/body-too-large";
    public const string RequestBodyTooSlow = "request/body-too-slow";
    public const string RequestContentType = "request/content-type";
    public const string RequestContentEncoding = "request/content-encoding";
    public const string RequestActingUser = "request/acting-user";
    public const string RequestIdempotencyKey = "request/idempotency-key";
    public const string RequestIfMatch = "request/if-match";
    public const string RequestPrefer = "request/prefer";
    public const string RequestAfter = "request/after";
    public const string RequestLimit = "request/limit";
    public const string RequestConsistency = "request/consistency";
    public const string PayloadDiffers = "idempotency/payload-differs";
    public const string VersionMismatch = "version/mismatch";
    public const string Overloaded = "overloaded";
    public const string ShardUnavailable = "shard/unavailable";
    public const string StoreUnavailable = "store/unavailable";
    public const string Deadline = "deadline";
    public const string Internal = "internal";

    private const string RequestPrefix = "request/";
    private const string TypePrefix = "urn:akkascale:problem:";

    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        [RequestTarget] = "The request target is malformed",
        [RequestFraming] = "The request is framed ambiguously",
        [RequestId] = "The id is not allowed",
        [RequestNoSuchRoute] = "There is no such route",
        [RequestMethod] = "The resource does not have this method",
        [RequestBody] = "The body is malformed",
        [RequestBodyTooLarge] = "The body is too large",
        [RequestBodyTooSlow] = "The body came too slowly",
        [RequestContentType] = "The body is not application/json",
        [RequestContentEncoding] = "The body is encoded",
        [RequestActingUser] = "X-Acting-User is missing or malformed",
        [RequestIdempotencyKey] = "Idempotency-Key is malformed",
        [RequestIfMatch] = "If-Match is malformed",
        [RequestPrefer] = "Prefer is malformed",
        [RequestAfter] = "The query parameter after is malformed",
        [RequestLimit] = "The query parameter limit is malformed",
        [RequestConsistency] = "The query parameter consistency is malformed",
        [PayloadDiffers] = "The idempotency key was used for another request",
        [VersionMismatch] = "The entity is at another version",
        [Overloaded] = "Too much is waiting",
        [ShardUnavailable] = "The entity cannot be reached now",
        [StoreUnavailable] = "The store cannot be reached now",
        [Deadline] = "The time ran out, and the outcome is unknown",
        [Internal] = "A fault of the service",
    }.ToFrozenDictionary();

    public static string TypeOf(string code) => TypePrefix + code;

    /// <summary>A phrase that is the same for every occurrence of a code; for the codes of entities made of the code itself.</summary>
    public static string TitleOf(string code)
    {
        if (Titles.TryGetValue(code, out var title))
        {
            return title;
        }

        if (code.StartsWith(RequestPrefix, StringComparison.Ordinal))
        {
            return $"The {code[RequestPrefix.Length..]} of the request is malformed";
        }

        var words = code.Replace('/', ' ').Replace('-', ' ');
        return words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
