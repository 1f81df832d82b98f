using AkkaScale.Management.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Management.Api;

/// <summary>What nodes report of themselves.</summary>
internal static class NodeEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/nodes", (NodeReports reports, CancellationToken stop) => ManagementResults.AnswerAsync(() => reports.ReadAsync(stop)));
}
