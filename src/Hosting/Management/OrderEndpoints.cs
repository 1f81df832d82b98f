using AkkaScale.LegacyCluster.Ownership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Cordon, drain, uncordon, pin and unpin: they still ask the present engine itself.</summary>
internal static class OrderEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/orders", (NodeOrders orders, CancellationToken stop) => EngineAnswers.AnswerAsync(() => orders.ReadAsync(stop)));
        foreach (var (verb, kind) in new (string, NodeOrderKind?)[] { ("cordon", NodeOrderKind.Cordon), ("drain", NodeOrderKind.Drain), ("uncordon", null) })
        {
            endpoints.MapPost($"/nodes/{{node}}/{verb}", (string node, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
                EngineAnswers.AnswerAsync(async () =>
                    await orders.OrderAsync(node, kind, await OrderBody.ReadAsync<OrderRequest>(request, stop), stop)));
        }

        endpoints.MapPost("/shards/{shard:int}/pin", (int shard, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(async () =>
                await orders.PinAsync(shard, await OrderBody.ReadAsync<PinRequest>(request, stop), stop)));
        endpoints.MapDelete("/shards/{shard:int}/pin", (int shard, NodeOrders orders, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => orders.UnpinAsync(shard, stop)));
    }
}
