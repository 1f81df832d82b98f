using AkkaScale.Management.Drills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Ending or pausing a node on purpose; GET says what that would do.</summary>
internal static class DrillEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/nodes/{node}/drill", (string node, DrillOrders drills, CancellationToken stop) =>
            ManagementResults.AnswerAsync(() => drills.PlanAsync(node, stop)));
        endpoints.MapPost("/nodes/{node}/drill", async (string node, HttpRequest request, DrillOrders drills, CancellationToken stop) =>
            await ManagementResults.AnswerAsync(async () =>
                await drills.StartAsync(node, await OrderBody.ReadAsync<DrillRequest>(request, stop), stop)));
    }
}
