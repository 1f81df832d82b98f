using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace AkkaScale.Management.Api;

/// <summary>
/// What the process measures, as Prometheus text. The names of the series are a contract; a test compares them with a list. A histogram
/// says its bounds where it is created: the library's default is made for milliseconds.
/// </summary>
internal static class MetricsEndpoint
{
    /// <summary>Label sets of one instrument before further ones share a series labelled <c>otel_metric_overflow</c>.</summary>
    private const int MaxSeries = 500;

    private static readonly string[] Meters =
        ["AkkaScale.*", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void AddMetricsEndpoint(this IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics => metrics
        .AddMeter(Meters)
        .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MaxSeries })
        .AddPrometheusExporter(exporter =>
        {
            // Who counts before and after an act must not be shown what was gathered before it.
            exporter.ScrapeResponseCacheDurationMilliseconds = 0;

            // A meter's name tells an operator nothing that the series' name does not.
            exporter.ScopeInfoEnabled = false;
            exporter.TargetInfoEnabled = false;
        }));

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}
