using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Access;

/// <summary>Stands in front of every route of the management port: who may, and a row in the audit log for whatever changes something.</summary>
internal sealed class AccessGate(RequestDelegate next, AccessPolicy policy, IAuditTrail audit)
{
    /// <summary>Names the role that a request was answered under, so that a page need not offer what would be refused.</summary>
    public const string RoleHeader = "AkkaScale-Role";

    public async Task InvokeAsync(HttpContext context)
    {
        var verdict = policy.Judge(Read(context.Request) with { NeedsOperator = context.GetEndpoint()?.Metadata.GetMetadata<NeedsOperator>() is not null });
        var isChange = AccessPolicy.IsChange(context.Request.Method);
        if (verdict.Refusal is { } refusal)
        {
            if (isChange)
            {
                await audit.DenyAsync(context, verdict, refusal);
            }

            await RefuseAsync(context, refusal);
            return;
        }

        context.Features.Set(new AccessIdentity(verdict.Who, verdict.Role));
        context.Response.Headers[RoleHeader] = verdict.Role.ToString().ToLowerInvariant();
        await (isChange ? ChangeAsync(context, verdict) : next(context));
    }

    private async Task ChangeAsync(HttpContext context, AccessVerdict verdict)
    {
        FinishAudit finish;
        try
        {
            finish = await audit.BeginAsync(context, verdict);
        }
        catch (AuditUnavailableException unavailable)
        {
            await ProblemAsync(
                context, StatusCodes.Status503ServiceUnavailable, "access/no-audit", "The audit log cannot be written",
                $"Nothing was changed: what has no row in the audit log is not carried out. {unavailable.Message}");
            return;
        }

        var note = new AuditNote();
        context.Features.Set(note);
        var isFinished = false;
        context.Response.OnStarting(() => FinishAsync(context.Response.StatusCode));
        try
        {
            await next(context);
        }
        catch (Exception error)
        {
            await FinishAsync((error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError);
            throw;
        }

        await FinishAsync(context.Response.StatusCode);

        Task FinishAsync(int status)
        {
            if (isFinished)
            {
                return Task.CompletedTask;
            }

            isFinished = true;
            return finish(note, status);
        }
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

        return ProblemAsync(context, refusal.Status, refusal.Code, refusal.Title, refusal.Detail);
    }

    private static Task ProblemAsync(HttpContext context, int status, string code, string title, string detail) => Results.Problem(
        title: title, detail: detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code }).ExecuteAsync(context);
}
