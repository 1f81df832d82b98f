using System.Text.Json;
using AkkaScale.Management.Access;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Orders about one member: down and leave, under the routes that Akka's cluster management made known.</summary>
internal static class MemberEndpoints
{
    private const int LargestBody = 4_096;
    private const int LongestAddress = 300;
    private const int LongestText = 500;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // A member's name may be an address with slashes, so it takes the rest of the path.
        endpoints.MapGet("/cluster/members/{**member}", (string member, IClusterFacts facts, CancellationToken stop) =>
            ManagementResults.AnswerAsync(async () => MemberAnswer.Of(await facts.MemberAsync(NameOf(member), stop))));
        endpoints.MapPost("/cluster/members", async (HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
        {
            if (await FieldAsync(request, "address", stop) is not { Length: > 0 and <= LongestAddress } address)
            {
                return Results.Problem(
                    title: "No address", detail: "Give address=host:port, in the query, as a form or as JSON.", statusCode: StatusCodes.Status400BadRequest);
            }

            AuditNote.Of(request.HttpContext)?.Say(action: "member/join", target: address);
            return await ManagementResults.AnswerAsync(async () => JoinAnswer.Of(await orders.JoinAsync(address, stop)));
        });
        endpoints.MapPut("/cluster/members/{**member}", async (
            string member, HttpRequest request, IClusterOrders orders, CancellationToken stop) =>
            await OperationAsync(request, stop) is { } operation
                ? await CarryOutAsync(request, orders, member, operation, stop)
                : Results.Problem(
                    title: "No such operation", detail: "Give operation=Down or operation=Leave, in the query, as a form or as JSON.",
                    statusCode: StatusCodes.Status400BadRequest));
        endpoints.MapDelete("/cluster/members/{**member}", (
            string member, HttpRequest request, IClusterOrders orders, CancellationToken stop) => CarryOutAsync(
                request, orders, member, MemberOperation.Leave, stop));
    }

    /// <summary>The framework leaves encoded slashes as they are.</summary>
    private static string NameOf(string member) => Uri.UnescapeDataString(member);

    private static Task<IResult> CarryOutAsync(
        HttpRequest request, IClusterOrders orders, string member, MemberOperation operation, CancellationToken stop)
    {
        if (Said(request, "reason") is { Length: > LongestText } || Said(request, "by") is { Length: > LongestText })
        {
            return Task.FromResult(Results.Problem(
                title: "Too long", detail: $"reason and by have at most {LongestText} characters.", statusCode: StatusCodes.Status400BadRequest));
        }

        AuditNote.Of(request.HttpContext)?.Say(
            $"member/{operation.ToString().ToLowerInvariant()}", NameOf(member), Said(request, "reason"), Said(request, "by"));
        return ManagementResults.AnswerAsync(
            async () =>
            {
                var ordered = await OrderAsync(orders, NameOf(member), operation, stop);
                if (ordered.MemberId == NameOf(member))
                {
                    // An incarnation alone tells a reader of the audit log little.
                    AuditNote.Of(request.HttpContext)?.Say(target: $"{ordered.Name} ({ordered.MemberId})");
                }

                return MemberOrderAnswer.Of(operation, ordered);
            },
            StatusCodes.Status202Accepted);
    }

    /// <summary>For the audit log alone, from the query.</summary>
    private static string? Said(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text] ? text : null;

    private static Task<MemberOrderOutcome> OrderAsync(
        IClusterOrders orders, string name, MemberOperation operation, CancellationToken stop) =>
        operation == MemberOperation.Down ? orders.DownAsync(name, stop) : orders.LeaveAsync(name, stop);

    private static async Task<MemberOperation?> OperationAsync(HttpRequest request, CancellationToken stop)
    {
        var text = await FieldAsync(request, "operation", stop);
        return Enum.GetValues<MemberOperation>().Cast<MemberOperation?>()
            .FirstOrDefault(known => string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>From the query, a form or JSON; null: nowhere, or the body cannot be read.</summary>
    private static async Task<string?> FieldAsync(HttpRequest request, string name, CancellationToken stop)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        string? text = request.Query[name];
        try
        {
            if (text is null && request.HasFormContentType)
            {
                text = (await request.ReadFormAsync(stop))[name];
            }
            else if (text is null && request.HasJsonContentType())
            {
                using var body = await JsonDocument.ParseAsync(request.Body, default, stop);
                text = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty(name, out var value)
                    && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDataException)
        {
            return null;
        }

        return text;
    }
}
