using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Probes.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => Results.Json(new HealthAnswer("ok", null)));
        endpoints.MapGet("/startup", (Engine engine) => Answer(engine.Session is null ? ["the node is not a member yet"] : [], "not started"));
        endpoints.MapGet("/ready", (Engine engine) => Answer(NotReadyReasons(engine), "not ready"));
    }

    /// <summary>Empty when this node should get traffic.</summary>
    public static IReadOnlyList<string> NotReadyReasons(Engine engine) =>
        engine.Phase == "leaving" ? ["the node is leaving"]
        : engine.Session is not { } session ? ["the node is not a member"]
        : session.Cluster.View.NotReadyReasons;

    private static IResult Answer(IReadOnlyList<string> reasons, string otherwise) => reasons.Count == 0
        ? Results.Json(new HealthAnswer("ok", null))
        : Results.Json(new HealthAnswer(otherwise, reasons), statusCode: StatusCodes.Status503ServiceUnavailable);
}
