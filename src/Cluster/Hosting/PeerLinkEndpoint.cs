using Akka.Actor;
using AkkaScale.Cluster.Links;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Cluster.Hosting;

/// <summary>
/// Serves, on the program's own management port, the links by which other members notice that this process has ended. Without it they take
/// the time to live for it.
/// </summary>
public static class PeerLinkEndpoint
{
    /// <summary>More than any cluster has members: a stranger who opens links takes nothing but these.</summary>
    private const int Most = 1_000;

    public const string Path = PeerLink.Path;

    /// <summary>For a program whose actor system is in its services.</summary>
    public static IEndpointConventionBuilder MapClusterLink(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapClusterLink(endpoints.ServiceProvider.GetService<ActorSystem>);

    /// <param name="system">Asked at each request; 503 while it gives none.</param>
    public static IEndpointConventionBuilder MapClusterLink(this IEndpointRouteBuilder endpoints, Func<ActorSystem?> system)
    {
        var links = 0;
        var stopping = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        return endpoints.MapGet(Path, async (HttpContext context) =>
        {
            if (system() is not { } present)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            if (context.Request.Query[PeerLink.Incarnation] != ClusterMembership.For(present).Incarnation)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            try
            {
                if (Interlocked.Increment(ref links) > Most)
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    return;
                }

                await HoldAsync(context, stopping);
            }
            finally
            {
                Interlocked.Decrement(ref links);
            }
        });
    }

    /// <summary>Says nothing until the other side closes the link, or this process ends it in order.</summary>
    private static async Task HoldAsync(HttpContext context, CancellationToken stopping)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = end.Token.Register(closed.SetResult);
        await closed.Task;
    }
}
