using AkkaScale.Hosting.EngineFacts;
using AkkaScale.LegacyCluster.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Who changed what, and who tried to.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/audit", (ClusterInspection inspection, int? limit, long? before, CancellationToken stop) => limit is < 1 or > MaxLimit || before is < 1
            ? Task.FromResult(Results.Problem(
                title: "Wrong page", detail: $"limit must be 1 to {MaxLimit}, and before a row's number.", statusCode: StatusCodes.Status400BadRequest))
            : EngineAnswers.AnswerAsync(() => ReadAsync(inspection, before ?? long.MaxValue, limit ?? DefaultLimit, stop)));

    public static AuditEntryAnswer Show(AuditEntry entry) => new(
        entry.Nr, entry.At, entry.Node, entry.Who, entry.By, entry.Role, entry.Remote, entry.Method, entry.Path, entry.Action, entry.Target, entry.Why, entry.Status,
        entry.Outcome.ToString().ToLowerInvariant());

    private static async Task<AuditAnswer> ReadAsync(ClusterInspection inspection, long before, int limit, CancellationToken stop)
    {
        var entries = await inspection.Session().Store.Audit.ReadAuditAsync(before, limit, stop);
        return new AuditAnswer([.. entries.Select(Show)], entries.Count == limit ? entries[^1].Nr : null);
    }
}
