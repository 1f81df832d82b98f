using AkkaScale.Entities;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>Members, shards, and where an entity lives.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/cluster/members", (IClusterFacts facts, CancellationToken stop) =>
            AnswerAsync(async () => MembersAnswer.Of(await facts.MembersAsync(stop))));
        endpoints.MapGet("/cluster/status", (IClusterFacts facts, CancellationToken stop) =>
            AnswerAsync(async () => StatusAnswer.Of(await facts.StatusAsync(stop))));
        endpoints.MapGet("/cluster/shards", (IClusterFacts facts, CancellationToken stop) =>
            AnswerAsync(async () => ShardsAnswer.Of(await facts.ShardsAsync(stop))));
        endpoints.MapGet("/cluster/shards/{kind}", (IClusterFacts facts, string kind, CancellationToken stop) =>
            OfRegionAsync(facts, kind, async () => RegionsAnswer.Of(await facts.ResidentsAsync(kind, stop))));
        endpoints.MapGet(
            "/cluster/where/{kind}/{**id}",
            (IClusterFacts facts, IEntityFacts entities, string kind, string id, CancellationToken stop) =>
                OfKindAsync(facts, kind, async () => WhereAnswer.Of(await entities.WhereAsync(kind, id, stop))));
    }
}
