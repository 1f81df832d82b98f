using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>What the journal holds, and the verification of a shard's part of it.</summary>
internal static class JournalEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/journal/stats", (IEntityFacts entities, string? region, int? first, int? count, CancellationToken stop) =>
            AnswerAsync(async () => JournalStatsAnswer.Of(await entities.FiguresAsync(region, first ?? 0, count, stop))));
        endpoints.MapGet(
            "/journal/verify/{region}/{shard:int}", (string region, int shard, IEntityFacts entities, CancellationToken stop) =>
                VerifyAsync(entities, new ShardKey(region, shard), stop));
    }

    private static Task<IResult> VerifyAsync(IEntityFacts entities, ShardKey shard, CancellationToken stop) =>
        AnswerAsync(async () => await entities.VerifyAsync(shard, stop) is { } check
            ? VerifyAnswer.Of(check)
            : throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no shard {shard.Number} of a region {shard.Region}.", "No such shard"));
}
