using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaScale.Entities;
using AkkaScale.Hosting.OpenApi;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.InProcess;
using AkkaScale.Tests.Unit.Architecture;
using Microsoft.OpenApi;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class ManagementDocumentTests
{
    [Fact]
    public async Task The_document_is_the_checked_in_one_valid_and_leaves_no_route_out()
    {
        var text = await ReadAsync();

        // A new route comes with a row in RouteDescriptions and in docs/management-api.md.
        var routes = JsonNode.Parse(text)!["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).ToHashSet();
        Assert.Equal(RouteDescriptions.All.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));

        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        ExpectGolden("management-openapi.json", text);
    }

    private static async Task<string> ReadAsync()
    {
        await using var cluster = await InProcessCluster.StartAsync(
            1, node => node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)));
        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };
        var document = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!;
        document["info"]!["version"] = "(the program's)";
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static void ExpectGolden(string name, string present)
    {
        if (Environment.GetEnvironmentVariable("AKKASCALE_PRINT_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name), present);
        }

        var path = RepositoryFolder.At("tests", "Unit", "Hosting", "Golden", name);
        Assert.True(File.Exists(path), $"{path} is missing. Its content would be:\n{present}");
        Assert.Equal(File.ReadAllText(path), present);
    }
}
