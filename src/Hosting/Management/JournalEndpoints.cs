using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Hosting.Management.ManagementResults;

namespace AkkaScale.Hosting.Management;

/// <summary>What the journal holds, and the verification of a shard's part of it.</summary>
internal static class JournalEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/journal/stats", (IEntityFacts entities, int? first, int? count, CancellationToken stop) =>
            AnswerAsync(async () => JournalStatsAnswer.Of(await entities.FiguresAsync(null, first ?? 0, count, stop))));
        endpoints.MapGet("/journal/verify/{shard:int}", (int shard, IEntityFacts entities, CancellationToken stop) =>
            AnswerAsync(async () => await entities.VerifyAsync(new ShardKey(null, shard), stop) is { } check
                ? VerifyAnswer.Of(check)
                : throw new BadHttpRequestException($"There is no shard {shard}.")));
    }
}
