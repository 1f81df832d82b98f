using AkkaScale.Hosting.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Moving a shard.</summary>
internal static class ShardEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        "/shards/{shard:int}/move", (int shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) => ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<MoveRequest>(request, stop);
                return MoveAnswer.Of(await orders.MoveAsync(
                    new MoveOrder(new ShardKey(null, shard), order.Node, order.Reason, order.By, order.ExpectedEpoch), stop));
            },
            StatusCodes.Status202Accepted));
}
