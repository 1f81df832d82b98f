using AkkaScale.Entities;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>One entity: its state, its events, and out of memory with it.</summary>
internal static class EntityEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/entities/{kind}/{id}", (
            string kind, string id, IClusterFacts facts, IEntityFacts entities, CancellationToken stop) => OfKindAsync(
                facts, kind, async () => EntityStateAnswer.Of(await entities.ShowAsync(kind, id, stop))));

        // The id comes last in the path of a sub-route, so a slash in it could not be told from the route; ids have none.
        endpoints.MapGet("/entities/{kind}/{id}/events", EventsAsync);
        endpoints.MapPost(
            "/entities/{kind}/{id}/passivate",
            (string kind, string id, HttpRequest request, IClusterFacts facts, IClusterOrders orders, CancellationToken stop) =>
                OfKindAsync(facts, kind, async () =>
                {
                    await OrderBody.ReadAsync<OrderRequest>(request, stop);
                    return PassivatedAnswer.Of(await orders.PassivateAsync(kind, id, stop));
                }));
    }

    private static Task<IResult> EventsAsync(
        string kind, string id, IClusterFacts facts, IEntityFacts entities, long? after, int? limit, CancellationToken stop) =>
        facts.Kinds.Contains(kind) && (after is < 0 || limit is < 1 or > MaxLimit)
            ? Task.FromResult(Results.Problem(
                title: "Wrong page", detail: $"after must not be negative and limit must be 1 to {MaxLimit}.",
                statusCode: StatusCodes.Status400BadRequest))
            : OfKindAsync(
                facts, kind, async () => EventsAnswer.Of(await entities.EventsAsync(kind, id, after ?? 0, limit ?? DefaultLimit, stop)));
}
