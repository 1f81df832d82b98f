using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace AkkaScale.Management.Access;

/// <summary>What stands in a row of the audit log, from a request: bounded, and without characters that a store or a terminal objects to.</summary>
internal static class AuditText
{
    private const int Longest = 500;

    /// <summary>As sent, without the query, which may hold what somebody took for a place to put a token.</summary>
    public static string Path(HttpContext context) => Fit((context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0]);

    /// <summary>The fixed parts of the route: "shards/pin". Empty: there is no such route.</summary>
    public static string Action(HttpContext context) => Fit(string.Join('/', Segments(context)
        .SelectMany(segment => segment.Parts).OfType<RoutePatternLiteralPart>().Select(part => part.Content)));

    /// <summary>The values in the route: "17".</summary>
    public static string Target(HttpContext context) => Fit(string.Join('/', Segments(context)
        .SelectMany(segment => segment.Parts).OfType<RoutePatternParameterPart>().Select(part => context.Request.RouteValues[part.Name]?.ToString())));

    public static string Fit(string? text)
    {
        var fitted = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (fitted.Length + rune.Utf16SequenceLength > Longest)
            {
                return fitted.Append('…').ToString();
            }

            fitted.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        }

        return fitted.ToString();
    }

    private static IReadOnlyList<RoutePatternPathSegment> Segments(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern is { } pattern && pattern.Parameters.All(parameter => parameter.Default is null)
            ? pattern.PathSegments
            : [];
}
