using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Options;
using AkkaScale.Gateway.Requests;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Comments;

/// <summary>
/// Pages of a task's comments. A linearizable read of the task comes first, and the page shows the comments up to the version that it found.
/// </summary>
internal sealed class CommentsHandler(IEntityClient entities, ITaskComments comments, GatewayOptions options, TimeProvider time)
{
    /// <returns>Null once the answer is written, else the problem to write.</returns>
    public async ValueTask<Problem?> HandleAsync(HttpContext http, CommentsRoute route, string id)
    {
        var isConfirmed = false;
        PageQuery query = default;
        if ((RequestHeaders.TryReadWait(http.Request.Headers, options.LongestWait, options.DefaultWait, out var wait)
            ?? PageQuery.TryParse(http.Request.Query, out query)
            ?? ConsistencyQuery.TryRead(http.Request.Query, out isConfirmed)) is { } malformed)
        {
            return malformed;
        }

        var deadline = new Deadline(time, wait);
        var found = await entities.AskAsync(
            new(new EntityKey(route.Resource.Kind, id), route.Resource.Read) { IsRead = true, IsConfirmed = isConfirmed, Timeout = wait },
            http.RequestAborted);
        if (ReplyProblems.Of(found) is { } refused)
        {
            return refused;
        }

        CommentPage? page;
        using var timeout = new CancellationTokenSource(deadline.Remaining is { Ticks: > 0 } left ? left : TimeSpan.Zero, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        try
        {
            page = await comments.ReadAsync(id, query.After, found.Version, query.Limit, cancel.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return new(StatusCodes.Status504GatewayTimeout, ProblemCodes.Deadline, "The time ran out while the comments were read.");
        }

        if (page is null)
        {
            return new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.StoreUnavailable, "The store cannot be read now.") { Retry = true };
        }

        AnswerWriter.SetVersion(http.Response, found.Version);
        await AnswerWriter.WriteJsonAsync(http, json => Write(json, page));
        return null;
    }

    private static void Write(Utf8JsonWriter json, CommentPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var comment in page.Items)
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, comment.Version);
            json.WriteString("author"u8, comment.Author);
            json.WriteString("text"u8, comment.Text);
            json.WriteString("at"u8, comment.At.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (page.Next is { } next)
        {
            json.WriteNumber("next"u8, next);
        }
        else
        {
            json.WriteNull("next"u8);
        }

        json.WriteEndObject();
    }
}
