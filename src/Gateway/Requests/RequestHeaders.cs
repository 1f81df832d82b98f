using System.Globalization;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Ids;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AkkaScale.Gateway.Requests;

/// <summary>
/// The headers that mean something here; every other one, forwarded addresses and would-be internal ones included, is not looked at.
/// A header that stands there twice is malformed: two readers could choose differently.
/// </summary>
internal static class RequestHeaders
{
    public const string ActingUser = "X-Acting-User";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Prefer = "Prefer";
    public const int MaxKeyLength = 255;

    /// <summary>Who acts: an id, required.</summary>
    public static Problem? TryReadActingUser(IHeaderDictionary headers, out string user)
    {
        user = "";
        if (!headers.TryGetValue(ActingUser, out var values))
        {
            return Problem.BadRequest(ProblemCodes.RequestActingUser, "A changing request must say in X-Acting-User who acts.");
        }

        if (values is not [{ } value])
        {
            return Problem.BadRequest(ProblemCodes.RequestActingUser, "X-Acting-User must be given once.");
        }

        user = value;
        return EntityId.Fault(user) is { } fault
            ? Problem.BadRequest(ProblemCodes.RequestActingUser, $"The id in X-Acting-User {fault}.")
            : null;
    }

    /// <summary>1 to 255 visible ASCII characters, or null if there is no such header.</summary>
    public static Problem? TryReadIdempotencyKey(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(IdempotencyKey, out var values))
        {
            return null;
        }

        if (values is [{ Length: > 0 and <= MaxKeyLength } value] && !value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            key = value;
            return null;
        }

        return Problem.BadRequest(
            ProblemCodes.RequestIdempotencyKey, $"Idempotency-Key must be given once, with 1 to {MaxKeyLength} visible ASCII characters.");
    }

    /// <summary>The version in <c>If-Match: "N"</c>. Lists, * and weak tags are refused: what they would mean for one entity's version is not clear.</summary>
    public static Problem? TryReadIfMatch(IHeaderDictionary headers, out long? expectedVersion)
    {
        expectedVersion = null;
        var values = headers.IfMatch;
        if (values.Count == 0)
        {
            return null;
        }

        if (values is [['"', .. var digits, '"']] && TryParseNumber(digits, out var version))
        {
            expectedVersion = version;
            return null;
        }

        return Problem.BadRequest(ProblemCodes.RequestIfMatch, "If-Match must be given once, with one version in quotation marks, such as \"3\".");
    }

    /// <summary>
    /// The seconds in <c>Prefer: wait=N</c> (RFC 7240), which may stand among other preferences; those are ignored. A wait that
    /// cannot be honoured is refused, so that nobody believes in a deadline that is not kept.
    /// </summary>
    public static Problem? TryReadWait(IHeaderDictionary headers, TimeSpan longest, TimeSpan preset, out TimeSpan wait)
    {
        wait = preset;
        var seen = false;
        foreach (var preference in Preferences(headers[Prefer]))
        {
            var equals = preference.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? preference : preference[..equals]).Trim();
            if (!name.Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (seen
                || equals < 0
                || !TryParseNumber(preference[(equals + 1)..].Trim().Trim('"'), out var seconds)
                || seconds < 1
                || seconds > longest.TotalSeconds)
            {
                return Problem.BadRequest(
                    ProblemCodes.RequestPrefer,
                    string.Create(CultureInfo.InvariantCulture, $"The preference wait must be given once, in seconds from 1 to {longest.TotalSeconds}."));
            }

            seen = true;
            wait = TimeSpan.FromSeconds(seconds);
        }

        return null;
    }

    /// <summary>A whole number from 0 to the largest 64-bit one, written in the one shortest way.</summary>
    public static bool TryParseNumber(string digits, out long number)
    {
        number = 0;
        return digits is "0" or [>= '1' and <= '9', ..]
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static IEnumerable<string> Preferences(StringValues values)
    {
        foreach (var value in values)
        {
            foreach (var preference in (value ?? "").Split(','))
            {
                // Parameters of a preference come after a semicolon.
                yield return preference.Split(';')[0];
            }
        }
    }
}
