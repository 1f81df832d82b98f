using AkkaScale.Domain;
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
        foreach (var (name, schema) in AnswerSchemas.All(_document))
        {
            _document.AddComponent(name, schema);
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

    private static IEnumerable<IOpenApiParameter> PathParameters(Route route) =>
        from segment in route.Template.Split('/')
        where segment.StartsWith('{')
        select new OpenApiParameter
        {
            Name = segment.Trim('{', '}'),
            In = ParameterLocation.Path,
            Required = true,
            Description = "In Unicode Normalization Form C; not . or .., no control characters, / or \\, nothing that is percent-encoded once more.",
            Schema = Id(),
        };

    private static IEnumerable<IOpenApiParameter> Headers(Route route)
    {
        if (route is CommandRoute)
        {
            yield return Header(RequestHeaders.ActingUser, "Who acts.", Id(), required: true);
            yield return Header(
                RequestHeaders.IdempotencyKey,
                "Visible ASCII. Of this entity and acting user: repeat an unanswered request with the same key.",
                new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = RequestHeaders.MaxKeyLength, Pattern = "^[!-~]+$" });
        }

        if (route is CommandRoute or ReadRoute)
        {
            yield return Header("If-Match", "The expected version in quotation marks.", new() { Type = JsonSchemaType.String, Pattern = "^\"(0|[1-9][0-9]*)\"$" });
        }

        yield return Header(RequestHeaders.Prefer, "wait=N: seconds to try, from 1 to 30; 15 if not said.", new() { Type = JsonSchemaType.String });
        yield return Header("traceparent", "W3C trace context.", new() { Type = JsonSchemaType.String });
    }

    private static IEnumerable<IOpenApiParameter> Query(Route route)
    {
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

        if (route is not CommandRoute { MakesId: true, Creates: false })
        {
            responses.Add("200", route is DocumentRoute ? new OpenApiResponse { Description = "The document." } : State(route, "Done, or nothing to change.", withLocation: false));
        }

        foreach (var (status, description) in Problems(route))
        {
            responses.Add($"{status}", new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [AnswerWriter.ProblemType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Problem", _document) },
                },
                Headers = status is 429 or 503
                    ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = ResponseHeader("Seconds.", JsonSchemaType.Integer) }
                    : null,
            });
        }

        return responses;
    }

    private OpenApiResponse State(Route route, string description, bool withLocation)
    {
        var headers = new Dictionary<string, IOpenApiHeader>
        {
            ["ETag"] = ResponseHeader("The entity's version in quotation marks.", JsonSchemaType.String),
        };
        if (withLocation)
        {
            headers.Add("Location", ResponseHeader("Where the entity is.", JsonSchemaType.String));
        }

        if (route is CommandRoute)
        {
            headers.Add(AnswerWriter.ReplayedHeader, ResponseHeader("true: the first answer to this key again; only id and version if the entity has gone on.", JsonSchemaType.String));
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

    private static IEnumerable<(int Status, string Description)> Problems(Route route)
    {
        if (route is DocumentRoute)
        {
            yield break;
        }

        yield return (400, "request/…: malformed, with the place.");
        yield return (404, "…/not-found.");
        if (route is CommandRoute)
        {
            yield return (409, "Refused by a rule, or idempotency/payload-differs.");
        }

        if (route is CommandRoute or CommentsRoute or ReadRoute && route.Template.StartsWith("/tasks", StringComparison.Ordinal))
        {
            yield return (410, "task/deleted.");
        }

        if (route is CommandRoute or ReadRoute)
        {
            yield return (412, "version/mismatch.");
        }

        if (route is CommandRoute)
        {
            yield return (413, "request/body-too-large.");
            yield return (415, "request/content-type, request/content-encoding.");
        }

        yield return (429, "overloaded: nothing was done.");
        yield return (503, "shard/unavailable, store/unavailable: nothing was done.");
        yield return (504, "deadline: the outcome is unknown; repeat with the same key.");
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema, bool required = false) =>
        new() { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = schema };

    private static OpenApiHeader ResponseHeader(string description, JsonSchemaType type) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };

    private static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Limits.IdLength };
}
