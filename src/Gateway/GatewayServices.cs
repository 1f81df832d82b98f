using AkkaScale.Entities;
using AkkaScale.Gateway.Comments;
using AkkaScale.Gateway.Observability;
using AkkaScale.Gateway.OpenApi;
using AkkaScale.Gateway.Options;
using AkkaScale.Gateway.Resources;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AkkaScale.Gateway;

/// <summary>Puts the task system's HTTP edge into an application.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Registers the edge. It asks the registered <see cref="IEntityClient"/> and <see cref="ITaskComments"/>, and takes the registered
    /// <see cref="TimeProvider"/> if there is one.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its bounds; thrown when the gateway is first used.</exception>
    public static IServiceCollection AddTaskGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ =>
        {
            var options = new GatewayOptions();
            configure?.Invoke(options);
            options.Validate();
            return options;
        });
        services.AddSingleton(_ =>
        {
            Routing.Route[] resources = [.. UserRoutes.All, .. ProjectRoutes.All, .. TaskRoutes.All];
            return new RouteTable([.. resources, .. ApiDocuments.Of(resources)]);
        });
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<ProjectGuard>();
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<ReadHandler>();
        services.AddSingleton<CommentsHandler>();
        services.AddSingleton<TaskGateway>();
        services.AddSingleton(provider => new GatewayWarmUp(provider.GetRequiredService<IEntityClient>(), provider.GetRequiredService<RouteTable>()));
        return services;
    }

    /// <summary>Answers every request that comes to this point of the pipeline; nothing after it is reached.</summary>
    public static IApplicationBuilder UseTaskGateway(this IApplicationBuilder app)
    {
        var gateway = app.ApplicationServices.GetRequiredService<TaskGateway>();
        app.Run(gateway.HandleAsync);
        return app;
    }

    /// <summary>Answers every request that no other endpoint of the application takes, whatever its path.</summary>
    public static IEndpointConventionBuilder MapTaskGateway(this IEndpointRouteBuilder endpoints)
    {
        var gateway = endpoints.ServiceProvider.GetRequiredService<TaskGateway>();
        return endpoints.Map("/{**path}", gateway.HandleAsync);
    }
}
