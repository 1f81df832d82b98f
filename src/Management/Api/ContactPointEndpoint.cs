using AkkaScale.Cluster.Hosting;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Management.Api;

/// <summary>Where starting nodes ask whom to join, and running ones notice that this one has ended.</summary>
internal static class ContactPointEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var node = endpoints.ServiceProvider.GetRequiredService<INodeState>();
        endpoints.MapClusterContactPoint(() => node.Created).ExcludeFromDescription();
        endpoints.MapClusterLink(() => node.Created).ExcludeFromDescription();
    }
}
