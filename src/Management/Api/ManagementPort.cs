using AkkaScale.Management.Access;
using AkkaScale.Management.Console;
using AkkaScale.Management.Events;
using AkkaScale.Management.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>Keeps the management routes to the management port, whatever Host header a client sends.</summary>
public static class ManagementPort
{
    /// <summary>Connection middleware of the management listener: marks its connections.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Marker.Instance);
        return next(connection);
    };

    /// <param name="version">Of the program, for the description of the port.</param>
    public static void UseManagement(this WebApplication app, string version) =>
        Use(app, context => context.Features.Get<Marker>() is not null, version);

    /// <param name="isManagement">Whether a request came through the management port; told by its connection.</param>
    internal static void Use(IApplicationBuilder app, Func<HttpContext, bool> isManagement, string version) =>
        app.MapWhen(
            isManagement,
            branch =>
            {
                branch.UseRouting();
                branch.UseMiddleware<AccessGate>();
                branch.UseMiddleware<PathGate>();
                branch.UseEndpoints(endpoints =>
                {
                    Map(endpoints);
                    var document = new Lazy<string>(() => ManagementDocument.Build(endpoints.DataSources, version));
                    endpoints.MapGet("/openapi/v1.json", () => Results.Text(document.Value, "application/json")).ExcludeFromDescription();
                    endpoints.MapFallback(() => Results.Problem(
                        title: "No such route", detail: "See the management API for the routes of this port.", statusCode: StatusCodes.Status404NotFound));
                });
            });

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        HealthEndpoints.Map(endpoints);
        MetricsEndpoint.Map(endpoints);
        ContactPointEndpoint.Map(endpoints);
        ClusterEndpoints.Map(endpoints);
        MemberEndpoints.Map(endpoints);
        HistoryEndpoint.Map(endpoints);
        RolloutEndpoint.Map(endpoints);
        EntityEndpoints.Map(endpoints);
        ListingEndpoints.Map(endpoints);
        JournalEndpoints.Map(endpoints);
        ShardEndpoints.Map(endpoints);
        DecisionEndpoints.Map(endpoints);
        NodeEndpoints.Map(endpoints);
        NodeOrderEndpoints.Map(endpoints);
        LogEndpoints.Map(endpoints);
        BackupEndpoints.Map(endpoints);
        DoctorEndpoints.Map(endpoints);
        DrillEndpoints.Map(endpoints);
        ConsoleEndpoints.Map(endpoints);
        AuditEndpoints.Map(endpoints);
        EventEndpoints.Map(endpoints);
    }

    private sealed class Marker
    {
        public static Marker Instance { get; } = new();
    }
}
