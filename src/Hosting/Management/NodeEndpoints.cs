using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>What nodes report of themselves; still asks the present engine itself.</summary>
internal static class NodeEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/nodes", (NodeReports reports, CancellationToken stop) => EngineAnswers.AnswerAsync(() => reports.ReadAsync(stop)));
}
