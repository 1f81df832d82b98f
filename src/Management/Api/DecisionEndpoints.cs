using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>What coordinators decided about shards, and what they would decide.</summary>
internal static class DecisionEndpoints
{
    private const int MostAtATime = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/shards/decisions", (long? after, int? limit, IClusterFacts facts, CancellationToken stop) =>
            limit is < 1 or > MostAtATime || after is < 0
                ? Task.FromResult(Results.Problem(
                    title: "Wrong page", detail: $"limit is 1 to {MostAtATime}, after a decision's number.", statusCode: StatusCodes.Status400BadRequest))
                : ManagementResults.AnswerAsync(async () => DecisionsAnswer.Of(await facts.DecisionsAsync(after, limit ?? 100, stop))));
        endpoints.MapGet(
            "/shards/plan", (string? region, string? without, int? with, IClusterFacts facts, CancellationToken stop) =>
                ManagementResults.AnswerAsync(async () => PlanAnswer.Of(await facts.PlanAsync(new PlanWish(region, without, with ?? 0), stop))));
        endpoints.MapGet("/shards/{region}/{shard:int}/why", (string region, int shard, IClusterFacts facts, CancellationToken stop) =>
            ManagementResults.AnswerAsync(async () => WhyAnswer.Of(await facts.WhyAsync(new ShardKey(region, shard), stop))));
    }
}
