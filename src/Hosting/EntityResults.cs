using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting;

/// <summary>Answers of entities as HTTP answers, for endpoints of users' own kinds.</summary>
public static class EntityResults
{
    /// <summary>
    /// 200 or 201 with the state and the version as ETag; 404 for codes ending in "/not-found", 412, 429, 503, 504, else 409, as problem details with the
    /// code.
    /// </summary>
    public static async Task<IResult> ToHttp(this ValueTask<EntityReply> asking)
    {
        var reply = await asking;
        return reply.IsSuccess ? new StateResult(reply) : new RefusalResult(reply);
    }

    private static int StatusOf(EntityReply reply) => reply.Status switch
    {
        ReplyStatus.Refused when reply.Code.EndsWith("/not-found", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        ReplyStatus.Refused when reply.Code is "entity/failed" or "entity/unreadable" or "entity/not-understood" => StatusCodes.Status500InternalServerError,
        ReplyStatus.VersionMismatch => StatusCodes.Status412PreconditionFailed,
        ReplyStatus.Overloaded => StatusCodes.Status429TooManyRequests,
        ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        ReplyStatus.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status409Conflict,
    };

    private static void WriteVersion(HttpResponse response, EntityReply reply)
    {
        if (reply.Version >= 0)
        {
            response.Headers.ETag = $"\"{reply.Version}\"";
        }
    }

    private sealed class StateResult(EntityReply reply) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var response = context.Response;
            response.StatusCode = reply.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            response.ContentType = "application/json";
            WriteVersion(response, reply);
            reply.Body?.WriteTo(response.BodyWriter);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private sealed class RefusalResult(EntityReply reply) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var status = StatusOf(reply);
            WriteVersion(context.Response, reply);
            if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            return Results.Problem(
                type: $"urn:akkascale:problem:{reply.Code}", title: reply.Code, detail: reply.Detail, statusCode: status,
                extensions: new Dictionary<string, object?> { ["code"] = reply.Code }).ExecuteAsync(context);
        }
    }
}
