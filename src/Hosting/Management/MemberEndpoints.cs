using System.Text.Json;
using AkkaScale.Hosting.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Orders about one member: down and leave, under the routes that Akka's cluster management made known.</summary>
internal static class MemberEndpoints
{
    private const int LargestBody = 4_096;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // A member's name may be an address with slashes, so it takes the rest of the path.
        endpoints.MapPut("/cluster/members/{**member}", async (string member, HttpRequest request, MemberOrders orders, CancellationToken stop) =>
            await OperationAsync(request, stop) is { } operation
                ? await AnswerAsync(request, orders, member, operation, stop)
                : Results.Problem(
                    title: "No such operation", detail: "Give operation=Down or operation=Leave, in the query, as a form or as JSON.",
                    statusCode: StatusCodes.Status400BadRequest));
        endpoints.MapDelete("/cluster/members/{**member}", (string member, HttpRequest request, MemberOrders orders, CancellationToken stop) =>
            AnswerAsync(request, orders, member, MemberOperation.Leave, stop));
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, MemberOrders orders, string member, MemberOperation operation, CancellationToken stop)
    {
        AuditNote.Of(request.HttpContext)?.Say(action: $"member/{operation.ToString().ToLowerInvariant()}", target: Uri.UnescapeDataString(member));
        try
        {
            return Results.Json(await orders.CarryOutAsync(Uri.UnescapeDataString(member), operation, stop), statusCode: StatusCodes.Status202Accepted);
        }
        catch (MemberOrderException refused)
        {
            return Results.Problem(title: refused.Title, detail: refused.Message, statusCode: refused.Status);
        }
        catch (Cluster.StoreUnavailableException unavailable)
        {
            return Results.Problem(
                title: "The store does not answer", detail: unavailable.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<MemberOperation?> OperationAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        string? text = request.Query["operation"];
        try
        {
            if (text is null && request.HasFormContentType)
            {
                text = (await request.ReadFormAsync(stop))["operation"];
            }
            else if (text is null && request.HasJsonContentType())
            {
                using var body = await JsonDocument.ParseAsync(request.Body, default, stop);
                text = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("operation", out var value)
                    && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDataException)
        {
            return null;
        }

        return Enum.GetValues<MemberOperation>().Cast<MemberOperation?>()
            .FirstOrDefault(known => string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase));
    }
}
