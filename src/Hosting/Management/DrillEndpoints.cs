using AkkaScale.Hosting.Drills;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Ending or pausing a node on purpose; GET says what that would do.</summary>
internal static class DrillEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/nodes/{node}/drill", (string node, DrillOrders drills, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => drills.PlanAsync(node, stop)));
        endpoints.MapPost("/nodes/{node}/drill", async (string node, HttpRequest request, DrillOrders drills, CancellationToken stop) =>
            await EngineAnswers.AnswerAsync(async () =>
                await drills.StartAsync(node, await OrderBody.ReadAsync<DrillRequest>(request, stop), stop)));
    }
}
