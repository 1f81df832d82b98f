using System.Diagnostics;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Comments;
using AkkaScale.Gateway.Observability;
using AkkaScale.Gateway.Options;
using AkkaScale.Gateway.Requests;
using AkkaScale.Gateway.Resources;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Gateway;

/// <summary>
/// Every request comes in here: its raw target is matched, its route's handler answers or names a problem, and the answer is counted. OPTIONS tells the methods,
/// HEAD is GET without the body; headers about forwarding are not looked at.
/// </summary>
internal sealed partial class TaskGateway(
    RouteTable routes,
    CommandHandler commands,
    ReadHandler reads,
    CommentsHandler comments,
    GatewayOptions options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<TaskGateway> logger)
{
    private const string AllMethods = "DELETE, GET, HEAD, OPTIONS, POST, PUT";

    // Counted, never sent.
    private static readonly Problem ClientGone = new(StatusCodes.Status499ClientClosedRequest, "cancelled", "The client went away.");

    private static readonly Problem ReaderTooSlow = new(StatusCodes.Status499ClientClosedRequest, "reader-too-slow", "The client did not take its answer.");

    public async Task HandleAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var template = GatewayMetrics.NoRoute;
        Problem? problem = null;
        try
        {
            problem = Match(http, out var found, out var ids);
            template = found?.Template ?? template;
            problem ??= await RunAsync(http, found, ids);
            await FinishAsync(http, problem);
        }
        catch (Exception gone) when (gone is ConnectionResetException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            problem = ClientGone;
        }
        catch (SlowReaderException)
        {
            problem = ReaderTooSlow;
            http.Abort();
        }
        catch (Exception fault) when (fault is not BadHttpRequestException)
        {
            LogFault(logger, fault, http.Request.Method, template);
            problem = new(StatusCodes.Status500InternalServerError, ProblemCodes.Internal, "The fault was logged; the outcome is unknown.");
            await FinishAsync(http, problem);
        }

        Activity.Current?.SetTag("http.route", template);
        metrics.Answered(
            template, http.Request.Method, problem?.Status ?? http.Response.StatusCode, problem?.Code ?? "", time.GetElapsedTime(started));
    }

    /// <summary>The addressed resource; none for the server as a whole, which only OPTIONS addresses.</summary>
    private Problem? Match(HttpContext http, out TemplateRoutes? found, out string[] ids)
    {
        (found, ids) = (null, []);
        if (RequestBodyReader.CheckFraming(http.Request.Headers) is { } ambiguous)
        {
            return ambiguous;
        }

        var rawTarget = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return rawTarget == "*" && HttpMethods.IsOptions(http.Request.Method)
            ? null
            : RequestTarget.TryParse(rawTarget, out var target) ?? routes.TryFind(target, out found, out ids);
    }

    private ValueTask<Problem?> RunAsync(HttpContext http, TemplateRoutes? found, string[] ids)
    {
        var method = http.Request.Method;
        if (found is null || HttpMethods.IsOptions(method))
        {
            return Written(AnswerWriter.WriteMethods(http, found?.Allow ?? AllMethods));
        }

        if (found.Find(method) is not { } route)
        {
            return new(new Problem(StatusCodes.Status405MethodNotAllowed, ProblemCodes.RequestMethod, $"The methods here are {found.Allow}.")
            {
                Allow = found.Allow,
            });
        }

        if (route is not CommandRoute && RequestBodyReader.HasBody(http.Request))
        {
            return new(Problem.BadRequest(ProblemCodes.RequestBody, "A request that reads must not have a body.") with { Close = true });
        }

        return route switch
        {
            CommandRoute command => commands.HandleAsync(http, command, ids),
            ReadRoute read => reads.HandleAsync(http, read, ids[0]),
            CommentsRoute page => comments.HandleAsync(http, page, ids[0]),
            DocumentRoute document => Written(AnswerWriter.WriteDocumentAsync(http, document.Document())),
            _ => throw new UnreachableException($"Nothing handles a {route.GetType().Name}."),
        };
    }

    private static async ValueTask<Problem?> Written(ValueTask writing)
    {
        await writing;
        return null;
    }

    private async ValueTask FinishAsync(HttpContext http, Problem? problem)
    {
        if (problem is null)
        {
            return;
        }

        if (http.Response.HasStarted)
        {
            // Half an answer is out: the connection ends, so that nobody takes it for a whole one.
            http.Abort();
            return;
        }

        await AnswerWriter.WriteProblemAsync(http, problem, options.RetryAfter);
        if (problem.Status == StatusCodes.Status413PayloadTooLarge)
        {
            await RequestBodyReader.DiscardAsync(http.Request, time);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A {Method} request on {Route} failed")]
    private static partial void LogFault(ILogger logger, Exception fault, string method, string route);
}
