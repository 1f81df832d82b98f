using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Management.Events;

/// <summary>The cluster's events as server-sent events.</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/cluster/domain-events", StreamAsync);

    private static async Task StreamAsync(HttpContext context, EventHub hub, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (EventFilter.Of([.. context.Request.Query["type"].OfType<string>()]) is not { } filter)
        {
            await Results.Problem(
                title: "Unknown type", detail: $"Known are {string.Join(", ", EventFilter.Names)}.",
                statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        EventSubscription? subscribed;
        try
        {
            subscribed = hub.Subscribe(filter);
        }
        catch (FactsUnavailableException unavailable)
        {
            await Results.Problem(
                title: "Not now", detail: unavailable.Message, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return;
        }

        if (subscribed is null)
        {
            await Results.Problem(
                title: "Too many listeners", detail: $"{EventHub.MaxSubscribers} listen to this node already: ask another, or poll.",
                statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            return;
        }

        // The server stops only when no request is under way; a stream would keep it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using (subscribed)
        {
            try
            {
                await WriteAsync(context.Response, subscribed, time, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The listener has gone, or this node is about to.
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, EventSubscription subscribed, TimeProvider time, CancellationToken stop)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        var number = 0L;
        while (await WaitAsync(response, subscribed.Events, time, stop))
        {
            while (subscribed.Events.TryRead(out var happened))
            {
                await WriteAsync(response, ++number, happened, stop);
            }

            await response.Body.FlushAsync(stop);
        }

        if (subscribed.Overflow is { } overflow)
        {
            await WriteAsync(response, ++number, overflow, stop);
            await response.Body.FlushAsync(stop);
        }
    }

    /// <summary>
    /// Says something now and then, so that nobody between here and the listener takes the silence for an end. False: there is no more.
    /// </summary>
    private static async Task<bool> WaitAsync(
        HttpResponse response, ChannelReader<ClusterEvent> events, TimeProvider time, CancellationToken stop)
    {
        var more = events.WaitToReadAsync(stop).AsTask();
        while (true)
        {
            try
            {
                return await more.WaitAsync(LongestSilence, time, stop);
            }
            catch (TimeoutException)
            {
                await response.WriteAsync(": still here\n\n", stop);
                await response.Body.FlushAsync(stop);
            }
        }
    }

    /// <summary>JSON holds no line breaks of its own, so that one data line is enough.</summary>
    private static Task WriteAsync(HttpResponse response, long number, ClusterEvent happened, CancellationToken stop) => response.WriteAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"id: {number}\nevent: {happened.Type}\ndata: {Encoding.UTF8.GetString(Serialize(happened))}\n\n"),
        stop);

    internal static byte[] Serialize(ClusterEvent happened) =>
        JsonSerializer.SerializeToUtf8Bytes(happened, happened.GetType(), ClusterEventJson.Default);
}
