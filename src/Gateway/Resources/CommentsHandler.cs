using System.Text.Json;
using AkkaScale.Cluster;
using AkkaScale.Domain.Tasks;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Requests;
using AkkaScale.Gateway.Routing;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Resources;

/// <summary>
/// Pages of a task's comments. They are read from the journal, since no state grows with them; a linearizable read of the task comes first, and the page shows
/// the comments up to the version that it found.
/// </summary>
internal sealed class CommentsHandler(IEntityClient entities, IEntityHistory history, GatewayOptions options, TimeProvider time)
{
    private static readonly string[] CommentEvents = ["commented"];

    /// <returns>Null once the answer is written, else the problem to write.</returns>
    public async ValueTask<Problem?> HandleAsync(HttpContext http, CommentsRoute route, string id)
    {
        var isConfirmed = false;
        PageQuery page = default;
        if ((RequestHeaders.TryReadWait(http.Request.Headers, options.LongestWait, options.DefaultWait, out var wait)
            ?? PageQuery.TryParse(http.Request.Query, out page)
            ?? ConsistencyQuery.TryRead(http.Request.Query, out isConfirmed)) is { } malformed)
        {
            return malformed;
        }

        var deadline = new Deadline(time, wait);
        var task = new EntityKey(route.Resource.Kind, id);
        var found = await entities.AskAsync(
            new(task, route.Resource.Read) { IsRead = true, IsConfirmed = isConfirmed, Timeout = wait }, http.RequestAborted);
        if (ReplyProblems.Of(found) is { } refused)
        {
            return refused;
        }

        IReadOnlyList<JournalEvent> events;
        using var timeout = new CancellationTokenSource(deadline.Remaining is { Ticks: > 0 } left ? left : TimeSpan.Zero, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, http.RequestAborted);
        try
        {
            // One more than the page holds tells whether there is a next one.
            events = await history.ReadAsync(task, page.After, page.Limit + 1, CommentEvents, cancel.Token);
        }
        catch (StoreUnavailableException)
        {
            return new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.StoreUnavailable, "The store cannot be read now.") { Retry = true };
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return new(StatusCodes.Status504GatewayTimeout, ProblemCodes.Deadline, "The time ran out while the comments were read.");
        }

        AnswerWriter.SetVersion(http.Response, found.Version);
        await AnswerWriter.WriteJsonAsync(http, json => Write(json, events, page.Limit, found.Version));
        return null;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<JournalEvent> events, int limit, long version)
    {
        long last = 0;
        var count = 0;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        while (count < Math.Min(limit, events.Count) && events[count].SequenceNr <= version)
        {
            var comment = events[count++];
            last = comment.SequenceNr;
            Write(json, comment);
        }

        json.WriteEndArray();
        if (count < events.Count && events[count].SequenceNr <= version)
        {
            json.WriteNumber("next"u8, last);
        }
        else
        {
            json.WriteNull("next"u8);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JournalEvent comment)
    {
        var said = JsonSerializer.Deserialize(comment.Payload.Span, TaskJson.Default.TaskCommented)
            ?? throw new JsonException("A stored comment is null.");
        json.WriteStartObject();
        json.WriteNumber("version"u8, comment.SequenceNr);
        json.WriteString("author"u8, said.By);
        json.WriteString("text"u8, said.Text);
        json.WriteString("at"u8, comment.At.UtcDateTime);
        json.WriteEndObject();
    }
}
