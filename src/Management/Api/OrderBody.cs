using System.Text.Json;
using AkkaScale.Management.Access;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaScale.Management.Api;

/// <summary>Reads the body of an order.</summary>
internal static class OrderBody
{
    private const int LargestBody = 16 * 1024;

    /// <summary>
    /// Only as JSON: a page in a browser on this machine can send other types to this port without being asked for leave first.
    /// </summary>
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
            if (order is MoveRequest { Node: { } node })
            {
                AuditNote.Of(request.HttpContext)?.Say(target: $"{request.RouteValues["region"]}/{request.RouteValues["shard"]} to {node}");
            }

            return order;
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(StatusCodes.Status400BadRequest, $"The order cannot be read: {unreadable.Message}");
        }
    }
}
