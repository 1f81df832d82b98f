using AkkaScale.Management.Access;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Backups;
using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Backups of the store: given out, and looked through. What they hold is everything, so only operators get one.</summary>
internal static class BackupEndpoints
{
    /// <summary>A backup that is checked is kept on a disk for a while.</summary>
    private const long LargestBackup = 256L << 30;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/store/backup", (StoreBackups backups, CancellationToken stop) => ManagementResults.AnswerAsync(() => backups.AdviseAsync(stop)));
        endpoints.MapPost("/store/backup", (HttpRequest request, StoreBackups backups, CancellationToken stop) => ManagementResults.AnswerAsync(
            async () =>
            {
                var order = await OrderBody.ReadAsync<BackupRequest>(request, stop);
                MoveCheck.CheckText(order.Reason);
                MoveCheck.CheckText(order.By);
                AuditNote.Of(request.HttpContext)?.Say(target: order.Part == "members" ? "members" : "journal");
                return await backups.MakeAsync(order.Part, stop);
            },
            backup => Results.Stream(backup, "application/octet-stream")));
        endpoints.MapPost("/store/check", (HttpRequest request, StoreBackups backups, CancellationToken stop) =>
        {
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = LargestBackup;
            }

            return ManagementResults.AnswerAsync(() => backups.CheckAsync(request.Body, request.ContentLength, stop));
        });
    }
}
