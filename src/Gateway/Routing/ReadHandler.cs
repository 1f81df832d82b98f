using AkkaScale.Entities;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Options;
using AkkaScale.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Routing;

/// <summary>Linearizable reads of one entity's state.</summary>
internal sealed class ReadHandler(IEntityClient entities, GatewayOptions options)
{
    /// <returns>Null once the answer is written, else the problem to write.</returns>
    public async ValueTask<Problem?> HandleAsync(HttpContext http, ReadRoute route, string id)
    {
        var headers = http.Request.Headers;
        var wait = options.DefaultWait;
        var isConfirmed = false;
        if ((RequestHeaders.TryReadIfMatch(headers, out var expectedVersion)
            ?? RequestHeaders.TryReadWait(headers, options.LongestWait, options.DefaultWait, out wait)
            ?? ConsistencyQuery.TryRead(http.Request.Query, out isConfirmed)) is { } malformed)
        {
            return malformed;
        }

        var reply = await entities.AskAsync(
            new(new(route.Resource.Kind, id), route.Resource.Read)
            {
                IsRead = true,
                IsConfirmed = isConfirmed,
                ExpectedVersion = expectedVersion,
                Timeout = wait,
            },
            http.RequestAborted);
        if (ReplyProblems.Of(reply) is { } refused)
        {
            return refused;
        }

        await AnswerWriter.WriteStateAsync(http, reply, id, location: null);
        return null;
    }
}
