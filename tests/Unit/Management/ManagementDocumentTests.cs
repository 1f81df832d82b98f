using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaScale.Entities;
using AkkaScale.Management.Access;
using AkkaScale.Management.Api;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Hosting;
using AkkaScale.Management.OpenApi;
using AkkaScale.Node.Lifecycle;
using AkkaScale.Tests.Unit.Architecture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace AkkaScale.Tests.Unit.Management;

public sealed class ManagementDocumentTests
{
    [Fact]
    public void The_document_is_the_checked_in_one_valid_and_leaves_no_route_out()
    {
        var text = Document();

        // A new route comes with a row in RouteDescriptions and in docs/management-api.md.
        var routes = JsonNode.Parse(text)!["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).ToHashSet();
        Assert.Equal(RouteDescriptions.All.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));

        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        ExpectGolden("management-openapi.json", text);
    }

    private static string Document()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new EntityKindRegistry([]));
        builder.Services.AddSingleton<INodeState, NodeSystem>();
        builder.Services.AddClusterManagement(new ClusterManagementOptions
        {
            Cluster = "document",
            NodeName = "node-1",
            Store = "sqlite",
            Bind = "127.0.0.1:0",
            Access = new ManagementOptions(),
            TimeToLive = TimeSpan.FromSeconds(2),
        });
        IEndpointRouteBuilder app = builder.Build();
        ManagementPort.Map(app);
        var document = JsonNode.Parse(ManagementDocument.Build(app.DataSources, "(the program's)"))!;
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static void ExpectGolden(string name, string present)
    {
        if (Environment.GetEnvironmentVariable("AKKASCALE_PRINT_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name), present);
        }

        var path = RepositoryFolder.At("tests", "Unit", "Management", "Golden", name);
        Assert.True(File.Exists(path), $"{path} is missing. Its content would be:\n{present}");
        Assert.Equal(File.ReadAllText(path), present);
    }
}
