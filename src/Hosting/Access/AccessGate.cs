using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Access;

/// <summary>Stands in front of every route of the management port.</summary>
internal sealed class AccessGate(RequestDelegate next, AccessPolicy policy)
{
    public Task InvokeAsync(HttpContext context)
    {
        var verdict = policy.Judge(Read(context.Request));
        if (verdict.Refusal is { } refusal)
        {
            return RefuseAsync(context, refusal);
        }

        context.Features.Set(new AccessIdentity(verdict.Who, verdict.Role));
        return next(context);
    }

    // Several headers of one name become one text with commas, which no token has.
    private static AccessRequest Read(HttpRequest request) => new(
        request.Method, request.Path.Value ?? "", request.Host.Host, request.Host.Value ?? "",
        request.Headers.Authorization is { Count: > 0 } authorization ? authorization.ToString() : null,
        request.Headers.Origin is { Count: > 0 } origin ? origin.ToString() : null);

    private static Task RefuseAsync(HttpContext context, AccessRefusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return Results.Problem(
            title: refusal.Title, detail: refusal.Detail, statusCode: refusal.Status, extensions: new Dictionary<string, object?> { ["code"] = refusal.Code })
            .ExecuteAsync(context);
    }
}
