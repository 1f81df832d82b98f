using Akka.Actor;
using AkkaScale.Cluster.Plugin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Cluster.Hosting;

/// <summary>Serves the contact point of Cluster Bootstrap on the program's own management port.</summary>
public static class ContactPointEndpoint
{
    /// <summary>For a program whose actor system is in its services; 503 until it is there.</summary>
    public static IEndpointConventionBuilder MapClusterContactPoint(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapClusterContactPoint(endpoints.ServiceProvider.GetService<ActorSystem>);

    /// <param name="system">Asked at each request; 503 while it gives none.</param>
    public static IEndpointConventionBuilder MapClusterContactPoint(this IEndpointRouteBuilder endpoints, Func<ActorSystem?> system) =>
        endpoints.MapGet(ContactPoint.Path, () => system() is { } present
            ? Results.Text(ContactPoint.Answer(present), "application/json")
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
}
