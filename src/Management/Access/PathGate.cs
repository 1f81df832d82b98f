using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Access;

/// <summary>
/// Refuses values in a path that no entity, kind or node can be called, whatever the route: nothing that they name can be there, and none is taken apart once
/// more further on.
/// </summary>
internal sealed class PathGate(RequestDelegate next)
{
    private const int Longest = 255;

    /// <summary>An address may stand there, slashes included; it is only compared with those of members.</summary>
    private const string Address = "member";

    /// <summary>Looked up among the names of the console's files.</summary>
    private const string File = "file";

    public Task InvokeAsync(HttpContext context)
    {
        // What matches no route is answered as such: the whole path is its value then.
        var fault = context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>() is null ? null : context.Request.RouteValues
            .Where(value => value.Key is not (Address or File)).Select(value => value.Value).OfType<string>().Select(Fault).FirstOrDefault(found => found is not null);
        return fault is null
            ? next(context)
            : Results.Problem(
                title: "No such name",
                detail: $"A name in the path {fault}: it has 1 to {Longest} characters, no slashes, no control characters, and is percent-encoded once.",
                statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?> { ["code"] = "request/id" }).ExecuteAsync(context);
    }

    /// <summary>What is wrong with a name, without its text; null: nothing. Normal form is not looked at: another spelling is the name of nothing.</summary>
    internal static string? Fault(string name) =>
        name.Length == 0 ? "is empty"
        : name is "." or ".." ? "is a dot segment"
        : name.EnumerateRunes().Count() > Longest ? "is too long"
        : name.Any(char.IsControl) ? "holds a control character"
        : name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) ? "holds a slash"
        : HoldsEscape(name) ? "is encoded twice, or is a slash, or is not UTF-8"
        : null;

    /// <summary>The server decodes once, and leaves an encoded slash and what is not UTF-8 as they are. No id holds such a thing.</summary>
    private static bool HoldsEscape(string name)
    {
        for (var at = name.IndexOf('%', StringComparison.Ordinal); at >= 0 && at + 2 < name.Length; at = name.IndexOf('%', at + 1))
        {
            if (char.IsAsciiHexDigit(name[at + 1]) && char.IsAsciiHexDigit(name[at + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
