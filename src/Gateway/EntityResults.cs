using AkkaScale.Entities;
using AkkaScale.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway;

/// <summary>Answers of entities as HTTP answers, for endpoints of users' own kinds: the same statuses, codes and headers as the task system's.</summary>
public static class EntityResults
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>200 or 201 with the state and the version as ETag; else problem details with the code.</summary>
    public static async Task<IResult> ToHttp(this ValueTask<EntityReply> asking)
    {
        var reply = await asking;
        return ReplyProblems.Of(reply) is { } problem ? new ProblemResult(problem) : new StateResult(reply);
    }

    private sealed class StateResult(EntityReply reply) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            var response = http.Response;
            response.StatusCode = reply.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            response.ContentType = AnswerWriter.JsonType;
            AnswerWriter.SetVersion(response, reply.Version);
            reply.Body?.WriteTo(response.BodyWriter);
            await response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public async Task ExecuteAsync(HttpContext http) => await AnswerWriter.WriteProblemAsync(http, problem, RetryAfter);
    }
}
