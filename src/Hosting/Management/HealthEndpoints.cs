using AkkaScale.Hosting.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Probes and metrics.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => Results.Json(new HealthAnswer("ok", null)));
        endpoints.MapGet("/startup", (Engine engine) => Answer(engine.Session is null ? ["the node is not a member yet"] : [], "not started"));
        endpoints.MapGet("/ready", (Engine engine) => Answer(NotReadyReasons(engine), "not ready"));
        endpoints.MapGet("/metrics", async (PrometheusExporter exporter, HttpResponse response) =>
        {
            response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            exporter.WriteTo(response.BodyWriter);

            // Awaited, not returned: the outcome of the flush would be written behind the text, as JSON.
            await response.BodyWriter.FlushAsync();
        });
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
