using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>One entity: its state, and out of memory with it.</summary>
internal static class EntityEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/entities/{kind}/{id}", (string kind, string id, EntityInspection inspection, EntityKindRegistry kinds, CancellationToken stop) =>
            kinds.Find(kind) is { } known
                ? OrderEndpoints.AnswerAsync(() => inspection.ShowAsync(known, new EntityKey(kind, id), stop))
                : Task.FromResult(ClusterEndpoints.UnknownKind(kind, kinds)));
        endpoints.MapPost(
            "/entities/{kind}/{id}/passivate",
            (string kind, string id, HttpRequest request, EntityInspection inspection, EntityKindRegistry kinds, CancellationToken stop) =>
                kinds.Find(kind) is null
                    ? Task.FromResult(ClusterEndpoints.UnknownKind(kind, kinds))
                    : OrderEndpoints.AnswerAsync(async () =>
                    {
                        await OrderEndpoints.ReadAsync<OrderRequest>(request, stop);
                        return await inspection.PassivateAsync(new EntityKey(kind, id), stop);
                    }));
    }
}
