using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Probes.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => Results.Json(new HealthAnswer("ok", null)));
        endpoints.MapGet("/startup", (IClusterFacts facts) =>
            Answer(facts.IsMember ? [] : ["the node is not a member yet"], "not started"));
        endpoints.MapGet("/ready", (IClusterFacts facts) => Answer(facts.NotReadyReasons, "not ready"));
    }

    private static IResult Answer(IReadOnlyList<string> reasons, string otherwise) => reasons.Count == 0
        ? Results.Json(new HealthAnswer("ok", null))
        : Results.Json(new HealthAnswer(otherwise, reasons), statusCode: StatusCodes.Status503ServiceUnavailable);
}
