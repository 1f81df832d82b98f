using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>What leaves the store: backups.</summary>
internal static class TransferEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/backup", (string? to, Backups backups, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(() => backups.StatusAsync(to, stop)));
        endpoints.MapPost("/backup", async (HttpRequest request, Backups backups, CancellationToken stop) =>
            await EngineAnswers.AnswerAsync(async () =>
                await backups.RunAsync(await OrderBody.ReadAsync<BackupRequest>(request, stop), stop)));
    }
}
