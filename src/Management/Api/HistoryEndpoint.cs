using AkkaScale.Management.Answers;
using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Which processes there were, and how each of them ended.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/cluster/history",
        (SystemInspection inspection, int? limit) => limit is < 1 or > MaxLimit
            ? Task.FromResult(Results.Problem(
                title: "Wrong limit", detail: $"limit must be 1 to {MaxLimit}.", statusCode: StatusCodes.Status400BadRequest))
            : ManagementResults.AnswerAsync(async () => new HistoryAnswer(
            [
                .. (await SystemInspection.AskAsync(() => inspection.Membership().HistoryAsync(limit ?? DefaultLimit))).Select(IncarnationAnswer.Of),
            ])));
}
