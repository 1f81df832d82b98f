using AkkaScale.Domain.Tasks;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Requests;
using AkkaScale.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace AkkaScale.Gateway.OpenApi;

/// <summary>The OpenAPI document, made of the routes and their bodies. The framework's generator reads endpoints, and our routes are none.</summary>
internal sealed class OpenApiDescription(IReadOnlyList<Route> routes)
{
    private readonly OpenApiDocument _document = new()
    {
        Info = new()
        {
            Title = "AkkaScale task API",
            Version = "1",
            Description = "Users, projects and tasks. Every change may carry an Idempotency-Key: repeated with it, it takes effect once and gets its first answer again.",
        },
        Paths = [],
    };

    public OpenApiDocument Build()
    {
        foreach (var (name, schema) in AnswerSchemas.All)
        {
            _document.AddComponent<IOpenApiSchema>(name, schema);
        }

        foreach (var (name, parameter) in SharedParts.Parameters)
        {
            _document.AddComponent<IOpenApiParameter>(name, parameter);
        }

        foreach (var (status, description) in SharedParts.Problems)
        {
            _document.AddComponent<IOpenApiResponse>(SharedParts.ProblemName(status), SharedParts.Problem(status, description, _document));
        }

        foreach (var template in routes.GroupBy(route => route.Template))
        {
            _document.Paths.Add(template.Key, new OpenApiPathItem
            {
                Operations = template.ToDictionary(route => HttpMethod.Parse(route.Method), Describe),
            });
        }

        return _document;
    }

    private OpenApiOperation Describe(Route route) => new()
    {
        Summary = route.Summary,
        OperationId = OperationId(route),
        Tags = new HashSet<OpenApiTagReference>(),
        Parameters = [.. PathParameters(route), .. Headers(route), .. Query(route)],
        RequestBody = route is CommandRoute { Body.IsEmpty: false } command ? Body(command.Body) : null,
        Responses = Responses(route),
    };

    /// <summary>Method and template in camel case: postTasksIdRename.</summary>
    private static string OperationId(Route route) => route.Method.ToLowerInvariant() + string.Concat(
        route.Template.Split('/', '{', '}').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private IEnumerable<IOpenApiParameter> PathParameters(Route route) =>
        from segment in route.Template.Split('/')
        where segment.StartsWith('{')
        select Reference(segment.Trim('{', '}'));

    private IEnumerable<IOpenApiParameter> Headers(Route route)
    {
        if (route is CommandRoute)
        {
            yield return Reference(RequestHeaders.ActingUser);
            yield return Reference(RequestHeaders.IdempotencyKey);
        }

        if (route is CommandRoute or ReadRoute)
        {
            yield return Reference(SharedParts.IfMatch);
        }

        yield return Reference(RequestHeaders.Prefer);
        yield return Reference(SharedParts.TraceParent);
    }

    private IEnumerable<IOpenApiParameter> Query(Route route)
    {
        if (route is ReadRoute or CommentsRoute)
        {
            yield return Reference(ConsistencyQuery.Name);
        }

        if (route is CommentsRoute)
        {
            yield return new OpenApiParameter
            {
                Name = "after",
                In = ParameterLocation.Query,
                Description = "Comments of a higher version.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
            };
            yield return new OpenApiParameter
            {
                Name = "limit",
                In = ParameterLocation.Query,
                Description = $"{PageQuery.DefaultLimit} if not said.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{PageQuery.MaxLimit}" },
            };
        }
    }

    private static OpenApiRequestBody Body(BodyShape shape) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [AnswerWriter.JsonType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalPropertiesAllowed = false,
                    Required = shape.Fields.Where(field => !field.IsOptional).Select(field => field.Name).ToHashSet(),
                    Properties = shape.Fields.ToDictionary(field => field.Name, Property),
                },
            },
        },
    };

    private static IOpenApiSchema Property(BodyField field)
    {
        var schema = field.Schema;
        schema.Type = field.IsNullable || field.IsOptional ? schema.Type | JsonSchemaType.Null : schema.Type;
        if (schema.Type!.Value.HasFlag(JsonSchemaType.Null) && schema.Enum is { } choices)
        {
            schema.Enum = [.. choices, null!];
        }

        return schema;
    }

    private OpenApiResponses Responses(Route route)
    {
        var responses = new OpenApiResponses();
        if (route is CommandRoute { Creates: true })
        {
            responses.Add("201", State(route, "Created.", withLocation: true));
        }

        responses.Add("200", State(route, "Done, or nothing to change.", withLocation: false));

        foreach (var status in Problems(route))
        {
            responses.Add($"{status}", new OpenApiResponseReference(SharedParts.ProblemName(status), _document));
        }

        return responses;
    }

    private OpenApiResponse State(Route route, string description, bool withLocation)
    {
        var headers = new Dictionary<string, IOpenApiHeader>
        {
            ["ETag"] = SharedParts.ResponseHeader("The entity's version in quotation marks.", JsonSchemaType.String),
        };
        if (withLocation)
        {
            headers.Add("Location", SharedParts.ResponseHeader("Where the entity is.", JsonSchemaType.String));
        }

        if (route is CommandRoute)
        {
            headers.Add(AnswerWriter.ReplayedHeader, SharedParts.ResponseHeader("true: the first answer to this key again; only id and version if the entity has gone on.", JsonSchemaType.String));
        }

        return new()
        {
            Description = description,
            Headers = headers,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [AnswerWriter.JsonType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(AnswerSchemas.NameOf(route), _document) },
            },
        };
    }

    private static IEnumerable<int> Problems(Route route) => route switch
    {
        CommandRoute { Resource.Kind: TaskEntity.Kind } => [400, 404, 409, 410, 412, 413, 415, 429, 503, 504],
        CommandRoute => [400, 404, 409, 412, 413, 415, 429, 503, 504],
        CommentsRoute => [400, 404, 410, 429, 503, 504],
        ReadRoute { Resource.Kind: TaskEntity.Kind } => [400, 404, 410, 412, 429, 503, 504],
        ReadRoute => [400, 404, 412, 429, 503, 504],
        _ => [],
    };

    private OpenApiParameterReference Reference(string name) => new(name, _document);
}
