using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>What the allocation would do, and why it did what it did.</summary>
internal static class PlanEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/shards/plan", (AllocationInspection inspection, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => inspection.PlanAsync(stop)));
        endpoints.MapGet("/shards/{shard:int}/why", (int shard, AllocationInspection inspection, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => inspection.WhyAsync(shard, stop)));
    }
}
