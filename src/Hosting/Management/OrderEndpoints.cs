using System.Text.Json;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Hosting.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Cordon, drain, uncordon, move, pin and unpin.</summary>
internal static class OrderEndpoints
{
    private const int LargestBody = 16 * 1024;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/orders", (NodeOrders orders, CancellationToken stop) => AnswerAsync(() => orders.ReadAsync(stop)));
        foreach (var (verb, kind) in new (string, NodeOrderKind?)[] { ("cordon", NodeOrderKind.Cordon), ("drain", NodeOrderKind.Drain), ("uncordon", null) })
        {
            endpoints.MapPost($"/nodes/{{node}}/{verb}", (string node, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
                AnswerAsync(async () => await orders.OrderAsync(node, kind, await ReadAsync<OrderRequest>(request, stop), stop)));
        }

        endpoints.MapPost("/shards/{shard:int}/move", (int shard, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
            AnswerAsync(
                async () => await orders.MoveAsync(shard, await ReadAsync<MoveRequest>(request, stop), stop), StatusCodes.Status202Accepted));
        endpoints.MapPost("/shards/{shard:int}/pin", (int shard, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
            AnswerAsync(async () => await orders.PinAsync(shard, await ReadAsync<PinRequest>(request, stop), stop)));
        endpoints.MapDelete("/shards/{shard:int}/pin", (int shard, NodeOrders orders, CancellationToken stop) =>
            AnswerAsync(() => orders.UnpinAsync(shard, stop)));
    }

    /// <summary>A refused order is told with its reason.</summary>
    public static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, int status = StatusCodes.Status200OK)
    {
        try
        {
            return await ClusterEndpoints.AnswerAsync(ask, status);
        }
        catch (OrderRefusedException refused)
        {
            return Results.Problem(title: refused.Status == StatusCodes.Status503ServiceUnavailable ? "Not now" : "Refused", detail: refused.Message, statusCode: refused.Status);
        }
    }

    /// <summary>Only as JSON: a page in a browser on this machine can send other types to this port without being asked for leave first.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken stop)
        where T : class, IOrderRequest
    {
        if (!request.HasJsonContentType())
        {
            throw new OrderRefusedException(StatusCodes.Status415UnsupportedMediaType, "Send the order as application/json; {} is enough.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        try
        {
            var order = await request.ReadFromJsonAsync<T>(stop) ?? throw new JsonException("null is no order");
            AuditNote.Of(request.HttpContext)?.Say(why: order.Reason, by: order.By);
            if ((order as PinRequest)?.Node is { } node || (node = (order as MoveRequest)?.Node) is not null)
            {
                AuditNote.Of(request.HttpContext)?.Say(target: $"{request.RouteValues["shard"]} to {node}");
            }

            return order;
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"The order cannot be read: {unreadable.Message}");
        }
    }
}
