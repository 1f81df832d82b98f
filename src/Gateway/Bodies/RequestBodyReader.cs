using System.Buffers;
using System.IO.Pipelines;
using AkkaScale.Gateway.Answers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AkkaScale.Gateway.Bodies;

/// <summary>Takes a body whole, within its limit.</summary>
internal static class RequestBodyReader
{
    private static readonly TimeSpan LongestDiscard = TimeSpan.FromSeconds(2);

    /// <summary>Whether a body may be read at all: judged by the headers alone, before anything of it is read.</summary>
    public static Problem? CheckHeaders(HttpRequest request, int maxLength)
    {
        if (CheckFraming(request.Headers) is { } framing)
        {
            return framing;
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return new(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.RequestContentEncoding, "Encoded bodies are not taken.") { Close = true };
        }

        if (request.ContentLength > maxLength)
        {
            return TooLarge(maxLength);
        }

        return HasBody(request) && !IsJson(request.Headers.ContentType.ToString())
            ? new(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.RequestContentType, "The body must be application/json in UTF-8.") { Close = true }
            : null;
    }

    public static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || (request.ContentLength is null && request.Headers.TransferEncoding.Count > 0);

    /// <summary>
    /// Refuses what two servers in a row could cut differently (request smuggling). The server has refused two lengths already; a length beside a
    /// transfer encoding it moves to X-Content-Length and goes on.
    /// </summary>
    public static Problem? CheckFraming(IHeaderDictionary headers)
    {
        if (headers.TransferEncoding.Count == 0)
        {
            return null;
        }

        var chunkedAlone = headers.TransferEncoding is [{ } encoding] && encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase);
        return chunkedAlone && headers.ContentLength is null && !headers.ContainsKey("X-Content-Length")
            ? null
            : Problem.BadRequest(ProblemCodes.RequestFraming, "Transfer-Encoding must be chunked alone, and without Content-Length.") with { Close = true };
    }

    /// <summary>Reads the body to its end and hands it over as one span, or says why not.</summary>
    public static async ValueTask<Problem?> ReadAsync(
        HttpRequest request, int maxLength, Func<ReadOnlySpan<byte>, Problem?> parse, CancellationToken cancellationToken)
    {
        if (!HasBody(request))
        {
            return parse([]);
        }

        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.Buffer.Length > maxLength)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return TooLarge(maxLength);
                }

                if (read.IsCompleted)
                {
                    var problem = ParseWhole(read.Buffer, parse);
                    reader.AdvanceTo(read.Buffer.End);
                    return problem;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(maxLength);
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return new(StatusCodes.Status408RequestTimeout, ProblemCodes.RequestBodyTooSlow, "The body came more slowly than the least rate.") { Close = true };
        }
        catch (IOException malformed) when (malformed is not ConnectionResetException)
        {
            // BadHttpRequestException, or, for a chunk size past 64 bits, the bare type.
            return Problem.BadRequest(ProblemCodes.RequestFraming, "The body ended too early, or its chunks are malformed.") with { Close = true };
        }
    }

    /// <summary>
    /// Reads on for a while after the answer was sent, throwing away what comes: closing under a client that still sends would take the answer from it. Bounded in
    /// bytes by the server's own limit.
    /// </summary>
    public static async ValueTask DiscardAsync(HttpRequest request, TimeProvider time)
    {
        // Who waits for leave to send will not send.
        if (!HasBody(request) || request.Headers.Expect.Count > 0)
        {
            return;
        }

        // A cancelled token would leave the reader in the middle of a read, which the server then reports as a fault of its own.
        var reader = request.BodyReader;
        using var timeout = time.CreateTimer(static pending => ((PipeReader)pending!).CancelPendingRead(), reader, LongestDiscard, Timeout.InfiniteTimeSpan);
        try
        {
            ReadResult read;
            do
            {
                read = await reader.ReadAsync();
                reader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted && !read.IsCanceled);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // the client has gone, or sends more than anybody reads
        }
    }

    private static Problem? ParseWhole(ReadOnlySequence<byte> body, Func<ReadOnlySpan<byte>, Problem?> parse)
    {
        if (body.IsSingleSegment)
        {
            return parse(body.FirstSpan);
        }

        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return parse(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var mediaType)
        && mediaType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!mediaType.Charset.HasValue || HeaderUtilities.RemoveQuotes(mediaType.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Problem TooLarge(int maxLength) =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemCodes.RequestBodyTooLarge, $"A body may have {maxLength} bytes.") { Close = true };
}
