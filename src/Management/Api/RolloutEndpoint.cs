using AkkaScale.Management.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>In which order to restart nodes.</summary>
internal static class RolloutEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/cluster/rollout", (RolloutInspection rollout, CancellationToken stop) => ManagementResults.AnswerAsync(() => rollout.ReadAsync(stop)));
}
