using AkkaScale.Cluster;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Members, shards, what nodes report, and where an entity lives.</summary>
internal static class ClusterEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/cluster/members", (ClusterInspection inspection, CancellationToken stop) => AnswerAsync(() => inspection.MembersAsync(stop)));
        endpoints.MapGet("/cluster/status", (ClusterInspection inspection, CancellationToken stop) => AnswerAsync(() => inspection.StatusAsync(stop)));
        endpoints.MapGet("/cluster/shards", (ClusterInspection inspection, CancellationToken stop) => AnswerAsync(() => inspection.ShardsAsync(stop)));
        endpoints.MapGet("/nodes", (NodeReports reports, CancellationToken stop) => AnswerAsync(() => reports.ReadAsync(stop)));
        endpoints.MapGet("/cluster/shards/{kind}", (KindRegions regions, EntityKindRegistry kinds, string kind, CancellationToken stop) =>
            kinds.Find(kind) is null
                ? Task.FromResult(UnknownKind(kind, kinds))
                : AnswerAsync(() => regions.ReadAsync(kind, stop)));
        endpoints.MapGet("/cluster/where/{kind}/{**id}", (ClusterInspection inspection, EntityKindRegistry kinds, string kind, string id, CancellationToken stop) =>
            kinds.Find(kind) is null
                ? Task.FromResult(UnknownKind(kind, kinds))
                : AnswerAsync(() => inspection.WhereAsync(new EntityKey(kind, id), stop)));
    }

    /// <summary>A store that does not answer is 503, said by name.</summary>
    public static Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, int status = StatusCodes.Status200OK) =>
        AnswerAsync(ask, answer => Results.Json(answer, statusCode: status));

    /// <inheritdoc cref="AnswerAsync{T}(Func{Task{T}},int)"/>
    /// <param name="show">How the answer is sent.</param>
    public static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, Func<T, IResult> show)
    {
        try
        {
            return show(await ask());
        }
        catch (StoreUnavailableException unavailable)
        {
            return Results.Problem(title: "The store does not answer", detail: unavailable.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    public static IResult UnknownKind(string kind, EntityKindRegistry kinds) => Results.Problem(
        title: "Unknown kind", detail: $"There is no entity kind {kind}; known are {string.Join(", ", kinds.Names)}.", statusCode: StatusCodes.Status404NotFound);
}
