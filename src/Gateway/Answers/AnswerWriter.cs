using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using AkkaScale.Entities;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Answers;

/// <summary>Puts answers on the wire. Every one has a length, and none may be cached: reads are linearizable.</summary>
internal static class AnswerWriter
{
    public const string JsonType = "application/json";
    public const string ProblemType = "application/problem+json";
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int SliceBytes = 16 * 1024;

    /// <summary>For one slice to be taken, so that a reader of large answers takes some 3 KiB a second at least.</summary>
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(5);

    /// <summary>The state after a command or a read; for a repeated answer to a command that the entity has gone on from, id and version.</summary>
    /// <param name="location">Where the entity is, if the command made it.</param>
    public static async ValueTask WriteStateAsync(HttpContext http, EntityReply reply, string id, string? location)
    {
        var response = http.Response;
        response.StatusCode = location is null ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        response.Headers.Location = location;
        SetVersion(response, reply.Version);
        SetReplayed(response, reply.Replayed);
        using var buffer = new AnswerBuffer();
        if (reply.Body is { } body)
        {
            body.WriteTo(buffer);
        }
        else
        {
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteNumber("version"u8, reply.Version);
            json.WriteEndObject();
        }

        await SendAsync(http, JsonType, buffer.Written);
    }

    /// <summary>Any other JSON.</summary>
    public static async ValueTask WriteJsonAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        using var buffer = new AnswerBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        await SendAsync(http, JsonType, buffer.Written);
    }

    /// <summary>Bytes of JSON made before.</summary>
    public static ValueTask WriteDocumentAsync(HttpContext http, ReadOnlyMemory<byte> json) => SendAsync(http, JsonType, json);

    /// <summary>The answer to OPTIONS.</summary>
    public static ValueTask WriteMethods(HttpContext http, string allow)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.Allow = allow;
        return ValueTask.CompletedTask;
    }

    public static async ValueTask WriteProblemAsync(HttpContext http, Problem problem, TimeSpan retryAfter)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        SetReplayed(response, problem.Replayed);
        response.Headers.Allow = problem.Allow;
        if (problem.Version is { } version)
        {
            SetVersion(response, version);
        }

        if (problem.Retry)
        {
            response.Headers.RetryAfter = ((long)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Close)
        {
            response.Headers.Connection = "close";
        }

        using var buffer = new AnswerBuffer();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, ProblemCodes.TypeOf(problem.Code));
            json.WriteString("title"u8, ProblemCodes.TitleOf(problem.Code));
            json.WriteNumber("status"u8, problem.Status);
            json.WriteString("detail"u8, problem.Detail);
            json.WriteString("code"u8, problem.Code);
            if (problem.Version is { } stood)
            {
                json.WriteNumber("version"u8, stood);
            }

            json.WriteEndObject();
        }

        await SendAsync(http, ProblemType, buffer.Written);
    }

    public static void SetVersion(HttpResponse response, long version) =>
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static void SetReplayed(HttpResponse response, bool replayed)
    {
        if (replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }
    }

    private static async ValueTask SendAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";

        // The server drops the body of an answer to HEAD by itself.
        if (body.Length > SliceBytes)
        {
            await SendSlicesAsync(response.BodyWriter, body, http.RequestAborted);
            return;
        }

        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>
    /// A large answer is held in memory until its reader has taken it. The server's own least rate lets a reader stand still for as long as all it took before would have needed at that rate;
    /// so each slice has a time of its own.
    /// </summary>
    private static async ValueTask SendSlicesAsync(PipeWriter output, ReadOnlyMemory<byte> body, CancellationToken aborted)
    {
        using var slice = new CancellationTokenSource();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, slice.Token);
        for (var rest = body; !rest.IsEmpty; rest = rest[Math.Min(SliceBytes, rest.Length)..])
        {
            slice.CancelAfter(SliceTime);
            FlushResult flushed;
            try
            {
                flushed = await output.WriteAsync(rest[..Math.Min(SliceBytes, rest.Length)], ends.Token);
            }
            catch (OperationCanceledException) when (slice.IsCancellationRequested)
            {
                throw new SlowReaderException();
            }

            // The server ends the connection of a flush that is cancelled, and says no more than that it is over.
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                if (slice.IsCancellationRequested)
                {
                    throw new SlowReaderException();
                }

                return;
            }
        }
    }
}
