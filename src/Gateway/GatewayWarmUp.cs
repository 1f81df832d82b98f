using AkkaScale.Entities;
using AkkaScale.Gateway.Routing;

namespace AkkaScale.Gateway;

/// <summary>
/// Goes once the way that requests will go, so that the first of them does not wait for code to be compiled, connections to be made and shards
/// to be found: some reads of each kind of entity, of ids that nobody has.
/// </summary>
public sealed class GatewayWarmUp
{
    private const int ReadsOfAKind = 8;

    private readonly IEntityClient _entities;
    private readonly RouteTable _routes;

    internal GatewayWarmUp(IEntityClient entities, RouteTable routes) => (_entities, _routes) = (entities, routes);

    /// <summary>Returns when all reads have been answered, whatever the answers say, or when the patience is over.</summary>
    public async Task RunAsync(TimeSpan patience, CancellationToken cancellationToken) => await Task.WhenAll(
        from resource in _routes.Routes.OfType<ReadRoute>().Select(route => route.Resource).Distinct()
        from number in Enumerable.Range(0, ReadsOfAKind)
        select _entities.AskAsync(
            new EntityCommand(new EntityKey(resource.Kind, $"warm-up-{number}"), resource.Read) { IsRead = true, Timeout = patience },
            cancellationToken).AsTask());
}
