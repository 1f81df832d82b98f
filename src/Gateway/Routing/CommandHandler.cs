using AkkaScale.Entities;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Ids;
using AkkaScale.Gateway.Options;
using AkkaScale.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Routing;

/// <summary>A changing request: from HTTP to one command of one entity, and its answer back.</summary>
internal sealed class CommandHandler(IEntityClient entities, ProjectGuard projects, GatewayOptions options, TimeProvider time)
{
    /// <returns>Null once the answer is written, else the problem to write.</returns>
    public async ValueTask<Problem?> HandleAsync(HttpContext http, CommandRoute route, string[] ids)
    {
        if ((CommandHeaders.TryRead(http.Request.Headers, options, out var headers)
            ?? RequestBodyReader.CheckHeaders(http.Request, GatewayLimits.MaxBodyLength)) is { } malformed)
        {
            return malformed;
        }

        var deadline = new Deadline(time, headers.Wait);
        var resource = route.Resource;
        var id = route.MakesId ? MakeId(resource, headers) : ids[0];
        object? command = null;
        var unreadable = await RequestBodyReader.ReadAsync(
            http.Request,
            GatewayLimits.MaxBodyLength,
            json => route.Body.TryParse(json, out var body) is { } problem ? problem : Accept(command = route.ToCommand(new(body, ids)), resource),
            http.RequestAborted);
        if (unreadable is not null)
        {
            return unreadable;
        }

        var ask = Address(resource, id, headers, command!);
        var reply = route.ProjectOf is { } projectOf
            ? await projects.AskAsync(ask, projectOf(command!), route, deadline, http.RequestAborted)
            : await entities.AskAsync(ask with { Timeout = deadline.Remaining }, http.RequestAborted);
        if (ReplyProblems.Of(reply) is { } refused)
        {
            return refused;
        }

        await AnswerWriter.WriteStateAsync(http, reply, id, route.Creates && reply.Created ? resource.PathTo(id) : null);
        return null;
    }

    private static Problem? Accept(object command, Resource resource) =>
        resource.Validate(command) is { } refusal ? Problem.BadRequest(refusal.Code, refusal.Detail) : null;

    private EntityCommand Address(Resource resource, string id, CommandHeaders headers, object command) =>
        new(new(resource.Kind, id), command)
        {
            ActingUser = headers.ActingUser,
            ExpectedVersion = headers.ExpectedVersion,
            IsClientKey = headers.Key is not null,
            CommandId = headers.Key is { } key
                ? DerivedId.OfCommand(resource.Kind, id, headers.ActingUser, key)
                : Guid.CreateVersion7(time.GetUtcNow()),
            Hash = headers.Key is null ? default : CommandHash.Of(resource, id, headers.ActingUser, headers.ExpectedVersion, command),
        };

    /// <summary>Before the first attempt, and never again: a retry inside the cluster must meet the same entity.</summary>
    private string MakeId(Resource resource, CommandHeaders headers) => (headers.Key is { } key
        ? DerivedId.OfEntity(options.ClusterName, headers.ActingUser, resource.Kind, key)
        : Guid.CreateVersion7(time.GetUtcNow())).ToString();
}
