using System.Text.Json;
using AkkaScale.Gateway.Resources;
using AkkaScale.Gateway.Routing;
using Microsoft.OpenApi;

namespace AkkaScale.Tests.Unit.Gateway;

public sealed class OpenApiTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private static readonly Route[] Routes = [.. UserRoutes.All, .. ProjectRoutes.All, .. TaskRoutes.All];

    [Fact]
    public async Task The_document_is_valid_OpenAPI()
    {
        var read = OpenApiDocument.Parse(await DocumentAsync(), "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task It_describes_every_route_once()
    {
        var paths = JsonDocument.Parse(await DocumentAsync()).RootElement.GetProperty("paths");
        var described = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(Routes.Select(route => $"{route.Method} {route.Template}").Order(), described.Order());
        var index = (await host.GetAsync("/")).Expect(200).Json.GetProperty("routes").EnumerateArray().Select(route => route.GetString());
        Assert.Equal(Routes.Select(route => $"{route.Method} {route.Template}"), index);
        var names = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task Answers_have_exactly_the_members_it_says()
    {
        var (project, task) = (await host.NewProjectAsync(), await host.NewTaskAsync());
        var user = host.NewId("u");
        (await host.ChangeAsync("PUT", $"/users/{user}", """{"name":"Bo"}""")).Expect(201);
        (await host.ChangeAsync("POST", $"/tasks/{task}/comment", """{"text":"Hm"}""")).Expect(200);
        await ExpectMembersAsync("User", $"/users/{user}");
        await ExpectMembersAsync("Project", $"/projects/{project}");
        await ExpectMembersAsync("Task", $"/tasks/{task}");
        await ExpectMembersAsync("Comments", $"/tasks/{task}/comments");
        await ExpectMembersAsync("Problem", "/tasks/nobody");
    }

    private async Task ExpectMembersAsync(string schema, string path)
    {
        var described = JsonDocument.Parse(await DocumentAsync()).RootElement.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        AssertSame(described, (await host.GetAsync(path)).Json);
    }

    private static void AssertSame(JsonElement schema, JsonElement value)
    {
        var properties = schema.GetProperty("properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        Assert.Equal(properties.Keys.Order(), value.EnumerateObject().Select(member => member.Name).Order());
        foreach (var (name, property) in properties)
        {
            if (property.TryGetProperty("items", out var items) && items.TryGetProperty("properties", out _))
            {
                Assert.NotEqual(0, value.GetProperty(name).GetArrayLength());
                AssertSame(items, value.GetProperty(name)[0]);
            }
        }
    }

    private async Task<string> DocumentAsync() => (await host.GetAsync("/openapi/v1.json")).Expect(200).Body;
}
