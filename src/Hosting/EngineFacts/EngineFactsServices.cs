using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Hosting.EngineFacts;

internal static class EngineFactsServices
{
    /// <summary>The present engine answers what the management port asks through <see cref="Facts"/>.</summary>
    public static IServiceCollection AddEngineFacts(this IServiceCollection services) => services
        .AddSingleton<ClusterInspection>()
        .AddSingleton<INodeTopic, KindCensus>()
        .AddSingleton<MemberOrders>()
        .AddSingleton<ShardMoves>()
        .AddSingleton<EntityMemory>()
        .AddSingleton<IClusterFacts, EngineClusterFacts>()
        .AddSingleton<IEntityFacts, EngineEntityFacts>()
        .AddSingleton<IClusterOrders, EngineOrders>();
}
