using System.Text.Json;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Cordon, drain, uncordon, pin and unpin.</summary>
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

        endpoints.MapPost("/shards/{shard:int}/pin", (int shard, HttpRequest request, NodeOrders orders, CancellationToken stop) =>
            AnswerAsync(async () => await orders.PinAsync(shard, await ReadAsync<PinRequest>(request, stop), stop)));
        endpoints.MapDelete("/shards/{shard:int}/pin", (int shard, NodeOrders orders, CancellationToken stop) =>
            AnswerAsync(() => orders.UnpinAsync(shard, stop)));
    }

    /// <summary>A refused order is told with its reason.</summary>
    public static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ClusterEndpoints.AnswerAsync(ask);
        }
        catch (OrderRefusedException refused)
        {
            return Results.Problem(title: refused.Status >= 500 ? "Not now" : "Refused", detail: refused.Message, statusCode: refused.Status);
        }
    }

    /// <summary>Only as JSON: a page in a browser on this machine can send other types to this port without being asked for leave first.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken stop)
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
            return await request.ReadFromJsonAsync<T>(stop) ?? throw new JsonException("null is no order");
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"The order cannot be read: {unreadable.Message}");
        }
    }
}
