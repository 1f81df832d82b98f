using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Management.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace AkkaScale.Management.OpenApi;

/// <summary>
/// The OpenAPI document of the management port, made of the endpoints themselves, so that it cannot leave one out: templates, methods and parameters are theirs,
/// schemas those of the answers' types. The framework's generator would have to be told of every answer at its route, and is one package more.
/// </summary>
internal static class ManagementDocument
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), WriteIndented = true };

    private static readonly JsonSchemaExporterOptions Schemas = new()
    {
        TreatNullObliviousAsNonNullable = true,

        // "Anything" is written true, which not every reader of OpenAPI takes for a schema.
        TransformSchemaNode = static (_, schema) => schema is JsonValue ? new JsonObject() : schema,
    };

    /// <summary>Method and template of every route: "GET /shards/{shard}/why". Files of the console are none, but nothing that changes something is left out.</summary>
    public static IEnumerable<(string Method, string Template, RouteEndpoint Endpoint)> Routes(IEnumerable<EndpointDataSource> sources) =>
        from endpoint in sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null || Access.AccessPolicy.IsChange(method)
        select (method, TemplateOf(endpoint.RoutePattern), endpoint);

    public static string Build(IEnumerable<EndpointDataSource> sources, string version)
    {
        var paths = new JsonObject();
        foreach (var template in Routes(sources).GroupBy(route => route.Template).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            foreach (var (method, _, endpoint) in template.OrderBy(route => route.Method, StringComparer.Ordinal))
            {
                operations[method.ToLowerInvariant()] = Operation(method, template.Key, endpoint);
            }

            paths[template.Key] = operations;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "AkkaScale management API",
                ["version"] = version,
                ["description"] = "Every node answers for the whole cluster. Reading needs the role viewer, everything else operator.",
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }, new JsonObject()),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject { ["Problem"] = Problem() },
            },
        }.ToJsonString(Json) + "\n";
    }

    private static JsonObject Operation(string method, string template, RouteEndpoint endpoint)
    {
        var described = RouteDescriptions.All.GetValueOrDefault($"{method} {template}");
        var operation = new JsonObject
        {
            ["operationId"] = method.ToLowerInvariant() + string.Concat(template.Split('/', '{', '}', '-')
                .Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..])),
            ["summary"] = described?.Summary ?? "",
            ["parameters"] = new JsonArray([.. Parameters(endpoint)]),
        };
        if (described?.Body is { } body)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", Schema(body)) };
        }

        var success = new JsonObject { ["description"] = "As asked." };
        if (described is not null)
        {
            success["content"] = Content(described.MediaType, described.Answer is { } answer ? Schema(answer) : new JsonObject { ["type"] = "string" });
        }

        operation["responses"] = new JsonObject
        {
            [$"{described?.Status ?? 200}"] = success,
            ["default"] = new JsonObject
            {
                ["description"] = "Refused or failed; the problem says why.",
                ["content"] = Content("application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/Problem" }),
            },
        };
        return operation;
    }

    /// <summary>What stands in the template, and what the handler takes besides that is a plain value: it comes from the query.</summary>
    private static IEnumerable<JsonNode> Parameters(RouteEndpoint endpoint)
    {
        var inPath = endpoint.RoutePattern.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in endpoint.RoutePattern.Parameters)
        {
            yield return Parameter(parameter.Name, "path", true, parameter.ParameterPolicies.Any(policy => policy.Content == "int") ? typeof(int) : typeof(string));
        }

        foreach (var parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (parameter.Name is { } name && !inPath.ContainsKey(name) && (type.IsPrimitive || type == typeof(string)))
            {
                yield return Parameter(name, "query", false, type);
            }
        }
    }

    private static JsonObject Parameter(string name, string place, bool isRequired, Type type) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = isRequired,
        ["schema"] = new JsonObject { ["type"] = type == typeof(string) ? "string" : type == typeof(bool) ? "boolean" : "integer" },
    };

    private static JsonObject Content(string mediaType, JsonNode schema) => new() { [mediaType] = new JsonObject { ["schema"] = schema } };

    private static JsonNode Schema(Type type) => Json.GetJsonSchemaAsNode(type, Schemas);

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(new[] { "type", "title", "detail", "code" }
            .Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject { ["type"] = "string" }))
            .Append(KeyValuePair.Create<string, JsonNode?>("status", new JsonObject { ["type"] = "integer" }))),
    };

    private static string TemplateOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => "",
    }))));
}
