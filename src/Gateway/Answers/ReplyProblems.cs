using AkkaScale.Entities;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Answers;

/// <summary>What the replies of entities and of the client are in HTTP.</summary>
internal static class ReplyProblems
{
    /// <summary>Null for a success.</summary>
    public static Problem? Of(EntityReply reply) => reply.IsSuccess
        ? null
        : new Problem(StatusOf(reply), CodeOf(reply), DetailOf(reply))
        {
            Version = reply.Version >= 0 ? reply.Version : null,
            Replayed = reply.Replayed,
            Retry = reply.Status is ReplyStatus.Overloaded or ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable,
        };

    private static int StatusOf(EntityReply reply) => reply.Status switch
    {
        ReplyStatus.Refused => StatusOfRefusal(reply.Code),
        ReplyStatus.VersionMismatch => StatusCodes.Status412PreconditionFailed,
        ReplyStatus.PayloadDiffers => StatusCodes.Status409Conflict,
        ReplyStatus.Overloaded => StatusCodes.Status429TooManyRequests,
        ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        ReplyStatus.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static int StatusOfRefusal(string code) => code switch
    {
        "task/deleted" => StatusCodes.Status410Gone,
        _ when code.EndsWith("/not-found", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ when code.StartsWith("request/", StringComparison.Ordinal) => StatusCodes.Status400BadRequest,

        // The entity could not be run: no rule of it said no.
        _ when code.StartsWith("entity/", StringComparison.Ordinal) => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status409Conflict,
    };

    private static string CodeOf(EntityReply reply) => reply.Code is { Length: > 0 } code
        ? code
        : reply.Status switch
        {
            ReplyStatus.VersionMismatch => ProblemCodes.VersionMismatch,
            ReplyStatus.PayloadDiffers => ProblemCodes.PayloadDiffers,
            ReplyStatus.Overloaded => ProblemCodes.Overloaded,
            ReplyStatus.ShardUnavailable => ProblemCodes.ShardUnavailable,
            ReplyStatus.StoreUnavailable => ProblemCodes.StoreUnavailable,
            ReplyStatus.DeadlineExceeded => ProblemCodes.Deadline,
            _ => ProblemCodes.Internal,
        };

    private static string DetailOf(EntityReply reply) => reply.Detail is { Length: > 0 } detail
        ? detail
        : reply.Status switch
        {
            ReplyStatus.VersionMismatch => "The entity is at another version than If-Match says.",
            ReplyStatus.PayloadDiffers => "The same key came with another command, body or If-Match before.",
            ReplyStatus.Overloaded => "A bounded queue is full; nothing was done.",
            ReplyStatus.ShardUnavailable => "Nobody can serve the shard of the entity now; nothing was done.",
            ReplyStatus.StoreUnavailable => "The store did not take the write; nothing was done.",
            ReplyStatus.DeadlineExceeded => "It may or may not have been done: repeat with the same Idempotency-Key.",
            _ => "The entity could not answer.",
        };
}
