using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Whether a node is to be given shards.</summary>
internal static class NodeOrderEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/nodes/{node}/cordon", Order(NodeOrderKind.Cordon));
        endpoints.MapPost("/nodes/{node}/drain", Order(NodeOrderKind.Drain));
        endpoints.MapPost("/nodes/{node}/uncordon", Order(null));
    }

    private static Func<string, HttpRequest, IClusterOrders, CancellationToken, Task<IResult>> Order(NodeOrderKind? kind) =>
        (node, request, orders, stop) => ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<OrderRequest>(request, stop);
                return NodeOrderAnswer.Of(await orders.OrderNodeAsync(new NodeWish(node, kind, order.Reason, order.By), stop));
            },
            StatusCodes.Status202Accepted);
}
