using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Moving and pinning shards.</summary>
internal static class ShardEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/shards/rebalance", RebalanceAsync);
        endpoints.MapPost(
            "/shards/{region}/{shard:int}/move",
            (string region, int shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
                MoveAsync(new ShardKey(region, shard), request, orders, stop));
        endpoints.MapPost(
            "/shards/{region}/{shard:int}/pin",
            (string region, int shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
                PinAsync(new ShardKey(region, shard), request, orders, stop));
        endpoints.MapPost(
            "/shards/{region}/{shard:int}/unpin",
            (string region, int shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
                UnpinAsync(new ShardKey(region, shard), request, orders, stop));
    }

    private static Task<IResult> PinAsync(ShardKey shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
        ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<MoveRequest>(request, stop);
                return PinAnswer.Of(await orders.PinAsync(new MoveOrder(shard, order.Node, order.Reason, order.By, order.ExpectedEpoch), stop));
            },
            StatusCodes.Status202Accepted);

    private static Task<IResult> UnpinAsync(ShardKey shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
        ManagementResults.AnswerAsync(
            async () =>
            {
                await OrderBody.ReadAsync<OrderRequest>(request, stop);
                return PinAnswer.Of(await orders.UnpinAsync(shard, stop));
            },
            StatusCodes.Status202Accepted);

    private static Task<IResult> RebalanceAsync(HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
        ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<RebalanceRequest>(request, stop);
                return RebalanceAnswer.Of(await orders.RebalanceAsync(new RebalanceOrder(order.MaxMoves, order.Reason, order.By), stop));
            },
            StatusCodes.Status202Accepted);

    private static Task<IResult> MoveAsync(ShardKey shard, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
        ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<MoveRequest>(request, stop);
                return MoveAnswer.Of(await orders.MoveAsync(
                    new MoveOrder(shard, order.Node, order.Reason, order.By, order.ExpectedEpoch), stop));
            },
            StatusCodes.Status202Accepted);
}
