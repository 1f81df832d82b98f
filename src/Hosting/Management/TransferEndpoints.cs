using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace AkkaScale.Hosting.Management;

/// <summary>What leaves the store: backups and exports.</summary>
internal static class TransferEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/backup", (string? to, Backups backups, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => backups.StatusAsync(to, stop)));
        endpoints.MapPost("/backup", async (HttpRequest request, Backups backups, CancellationToken stop) =>
            await EngineAnswers.AnswerAsync(async () =>
                await backups.RunAsync(await OrderBody.ReadAsync<BackupRequest>(request, stop), stop)));
        endpoints.MapGet("/journal/export", ExportAsync);
    }

    /// <summary>As long as the journal is; a client that goes away ends it.</summary>
    private static async Task<IResult> ExportAsync(ClusterInspection inspection, HttpContext context, TimeProvider time, CancellationToken stop) =>
        await EngineAnswers.AnswerAsync(async () =>
        {
            var store = inspection.Session().Store;
            return (store, (await store.Cluster.ReadAsync(stop)).Identity);
        }, found => Results.Stream(
            async output =>
            {
                // A store that is large, or a client that is slow, is nothing to cut a connection for.
                if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                {
                    rate.MinDataRate = null;
                }

                var writer = new ExportWriter(output);
                var (store, identity) = found;
                await writer.HeaderAsync(new ExportHeader(1, identity.ClusterName, identity.ShardCount, identity.Generation, time.GetUtcNow()), stop);
                await foreach (var row in store.Care.DumpAsync(stop))
                {
                    await writer.RowAsync(row, stop);
                }

                await writer.EndAsync(stop);
            },
            "application/x-ndjson"));
}
