using AkkaScale.Gateway.Answers;

namespace AkkaScale.Gateway.Requests;

/// <summary>
/// The request target as the client sent it, cut into raw segments: nothing is decoded, folded or merged. The server's own path
/// has dot segments folded and all escapes but %2F decoded, so that one resource would be reached by the spelling of another.
/// </summary>
/// <param name="Segments">What stands between the slashes; none for "/".</param>
internal readonly record struct RequestTarget(string[] Segments)
{
    /// <summary>Takes origin-form, and absolute-form with http or https, whose authority is dropped (the server compares it with Host).</summary>
    public static Problem? TryParse(string rawTarget, out RequestTarget target)
    {
        target = default;
        var path = rawTarget.AsSpan();
        if (!path.StartsWith('/'))
        {
            var scheme = path.IndexOf("://", StringComparison.Ordinal);
            if (scheme < 0 || !IsHttp(path[..scheme]))
            {
                return Problem.BadRequest(ProblemCodes.RequestTarget, "The request target must be a path or an http URL.");
            }

            var authority = path[(scheme + 3)..];
            var end = authority.IndexOfAny('/', '?', '#');
            path = end < 0 ? "/" : authority[end..];
        }

        if (path.Contains('#'))
        {
            return Problem.BadRequest(ProblemCodes.RequestTarget, "The request target must not have a fragment.");
        }

        if (path.IndexOf('?') is var query and >= 0)
        {
            path = path[..query];
        }

        // An absolute URL may have no path at all.
        target = new(path.Length <= 1 ? [] : path[1..].ToString().Split('/'));
        return null;
    }

    private static bool IsHttp(ReadOnlySpan<char> scheme) =>
        scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
}
