using System.Text.Json;
using AkkaScale.Cluster;
using AkkaScale.Domain.Tasks;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Requests;
using AkkaScale.Gateway.Routing;
using AkkaScale.Entities;
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
    /// <summary>A page ends with the comment that brings it to so many stored bytes: a reader that takes its answer slowly holds it in memory all the while.</summary>
    private const int MaxPageBytes = 256 * 1024;

    /// <summary>Read at first; how large they are says how many may be read next.</summary>
    private const int FirstRead = 32;

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
            events = await ReadAsync(task, page, cancel.Token);
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

    /// <summary>The page's events and one more, which tells whether there is a next page; fewer than asked for where they are large.</summary>
    private async Task<List<JournalEvent>> ReadAsync(EntityKey task, PageQuery page, CancellationToken cancellationToken)
    {
        var events = new List<JournalEvent>();
        var bytes = 0L;
        var wanted = FirstRead;
        while (true)
        {
            wanted = Math.Min(wanted, page.Limit + 1 - events.Count);
            var read = await history.ReadAsync(task, events.Count == 0 ? page.After : events[^1].SequenceNr, wanted, CommentEvents, cancellationToken);
            events.AddRange(read);
            bytes += read.Sum(comment => (long)comment.Payload.Length);
            if (read.Count < wanted || events.Count > page.Limit || bytes - events[^1].Payload.Length >= MaxPageBytes)
            {
                return events;
            }

            wanted = (int)Math.Clamp((MaxPageBytes - bytes) * events.Count / Math.Max(1, bytes), 1, page.Limit + 1);
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<JournalEvent> events, int limit, long version)
    {
        long last = 0;
        var bytes = 0L;
        var count = 0;
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        while (count < Math.Min(limit, events.Count) && events[count].SequenceNr <= version && bytes < MaxPageBytes)
        {
            var comment = events[count++];
            bytes += comment.Payload.Length;
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
