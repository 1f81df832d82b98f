using AkkaScale.Hosting.Access;
using AkkaScale.Hosting.Events;
using AkkaScale.Hosting.OpenApi;
using AkkaScale.Hosting.WebConsole;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>Keeps the management routes to the management port, whatever Host header a client sends.</summary>
internal static class ManagementPort
{
    /// <summary>Connection middleware of the management listener: marks its connections.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Marker.Instance);
        return next(connection);
    };

    public static void UseManagement(this WebApplication app) =>
        app.MapWhen(
            context => context.Features.Get<Marker>() is not null,
            branch =>
            {
                branch.UseRouting();
                branch.UseMiddleware<AccessGate>();
                branch.UseMiddleware<PathGate>();
                branch.UseEndpoints(endpoints =>
                {
                    HealthEndpoints.Map(endpoints);
                    MetricsEndpoint.Map(endpoints);
                    ClusterEndpoints.Map(endpoints);
                    MemberEndpoints.Map(endpoints);
                    EntityEndpoints.Map(endpoints);
                    JournalEndpoints.Map(endpoints);
                    NodeEndpoints.Map(endpoints);
                    ShardEndpoints.Map(endpoints);
                    OrderEndpoints.Map(endpoints);
                    PlanEndpoints.Map(endpoints);
                    ConsoleEndpoints.Map(endpoints);
                    AuditEndpoints.Map(endpoints);
                    EventEndpoints.Map(endpoints);
                    DoctorEndpoints.Map(endpoints);
                    DrillEndpoints.Map(endpoints);
                    TransferEndpoints.Map(endpoints);
                    var document = new Lazy<string>(() => ManagementDocument.Build(endpoints.DataSources, AkkaScaleNodeBuilder.ProductVersion));
                    endpoints.MapGet("/openapi/v1.json", () => Results.Text(document.Value, "application/json")).ExcludeFromDescription();
                    endpoints.MapFallback(() => Results.Problem(
                        title: "No such route", detail: "See the management API for the routes of this port.", statusCode: StatusCodes.Status404NotFound));
                });
            });

    private sealed class Marker
    {
        public static Marker Instance { get; } = new();
    }
}
