using AkkaScale.Management.Facts;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Management.Inspection;

internal static class InspectionServices
{
    /// <summary>What the management port asks through <see cref="Facts"/> is answered by the actor system of this process.</summary>
    public static IServiceCollection AddInspection(this IServiceCollection services, Func<IServiceProvider, InspectionNames> names) => services
        .AddSingleton(names)
        .AddSingleton<SystemInspection>()
        .AddSingleton<MemberNames>()
        .AddSingleton<DecisionInspection>()
        .AddSingleton<RolloutInspection>()
        .AddSingleton<EntityMemory>()
        .AddSingleton<EntityListing>()
        .AddSingleton<ShardMoves>()
        .AddSingleton<ShardPins>()
        .AddSingleton<NodeOrders>()
        .AddSingleton<ShardBalancing>()
        .AddSingleton<IClusterFacts, ClusterFacts>()
        .AddSingleton<IEntityFacts, EntityInspection>()
        .AddSingleton<IClusterOrders, ClusterOrders>();
}
