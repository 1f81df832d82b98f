using AkkaScale.Management.Answers;
using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Who changed what, and who tried to.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/audit",
        (SystemInspection inspection, int? limit, long? before) => limit is < 1 or > MaxLimit || before is < 1
            ? Task.FromResult(Results.Problem(
                title: "Wrong page", detail: $"limit must be 1 to {MaxLimit}, and before a row's number.",
                statusCode: StatusCodes.Status400BadRequest))
            : ManagementResults.AnswerAsync(() => ReadAsync(inspection, before ?? long.MaxValue, limit ?? DefaultLimit)));

    private static async Task<AuditAnswer> ReadAsync(SystemInspection inspection, long before, int limit)
    {
        var entries = await SystemInspection.AskAsync(() => inspection.Membership().Audit.ReadAsync(before, limit));
        return new AuditAnswer([.. entries.Select(AuditEntryAnswer.Of)], entries.Count == limit ? entries[^1].Nr : null);
    }
}
