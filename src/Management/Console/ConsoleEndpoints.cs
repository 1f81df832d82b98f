using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Console;

/// <summary>
/// The web console: static files that hold no data. What they show they ask of the routes beside them, under the rights of whoever looks.
/// </summary>
internal static class ConsoleEndpoints
{
    /// <summary>Where the console lives; everything below it is open to everybody.</summary>
    public const string Path = "/console";

    /// <summary>Scripts, styles, pictures and questions of this origin alone; nothing in line, no frames, no forms.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Path, Reading, (HttpContext context) => AnswerAsync(context, ConsoleFiles.Start)).ExcludeFromDescription();
        endpoints.MapMethods($"{Path}/{{**file}}", Reading, (HttpContext context, string? file) =>
            AnswerAsync(context, string.IsNullOrEmpty(file) ? ConsoleFiles.Start : file)).ExcludeFromDescription();
    }

    private static Task AnswerAsync(HttpContext context, string name)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!ConsoleFiles.All.TryGetValue(name, out var file))
        {
            return Results.Problem(
                title: "No such file", detail: "The console has no file of that name; it begins at /console.", statusCode: StatusCodes.Status404NotFound)
                .ExecuteAsync(context);
        }

        // Asked for each time and sent only if it has changed: a page of one release never runs scripts of another.
        headers.CacheControl = "no-cache";
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch.Contains(file.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }
}
