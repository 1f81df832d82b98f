using System.Globalization;
using AkkaScale.Domain.Validation;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Requests;
using Microsoft.OpenApi;

namespace AkkaScale.Gateway.OpenApi;

/// <summary>Parameters and problems that many routes have, described once.</summary>
internal static class SharedParts
{
    public const string IfMatch = "If-Match";
    public const string TraceParent = "traceparent";

    private const string IdRules =
        "In Unicode Normalization Form C; not . or .., no control characters, / or \\, nothing that is percent-encoded once more.";

    public static IEnumerable<(string Name, OpenApiParameter Parameter)> Parameters =>
    [
        ("id", Parameter("id", ParameterLocation.Path, IdRules, Id(), required: true)),
        ("user", Parameter("user", ParameterLocation.Path, IdRules, Id(), required: true)),
        (RequestHeaders.ActingUser, Parameter(RequestHeaders.ActingUser, ParameterLocation.Header, "Who acts.", Id(), required: true)),
        (RequestHeaders.IdempotencyKey, Parameter(
            RequestHeaders.IdempotencyKey,
            ParameterLocation.Header,
            "Visible ASCII. Of this entity and acting user: repeat an unanswered request with the same key.",
            new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = RequestHeaders.MaxKeyLength, Pattern = "^[!-~]+$" })),
        (IfMatch, Parameter(
            IfMatch,
            ParameterLocation.Header,
            "The expected version in quotation marks.",
            new() { Type = JsonSchemaType.String, Pattern = "^\"(0|[1-9][0-9]*)\"$" })),
        (RequestHeaders.Prefer, Parameter(
            RequestHeaders.Prefer,
            ParameterLocation.Header,
            "wait=N: seconds to try, from 1 to 30; 15 if not said. Other preferences are ignored.",
            new() { Type = JsonSchemaType.String })),
        (ConsistencyQuery.Name, Parameter(
            ConsistencyQuery.Name,
            ParameterLocation.Query,
            "confirmed: the store is asked who owns the entity before the answer leaves, so that not even a former owner whose clock is wrong shows old "
            + "state. Costs a round trip to the store. If not said, the owner answers on the strength of its lease.",
            new() { Type = JsonSchemaType.String, Enum = [ConsistencyQuery.Confirmed] })),
        (TraceParent, Parameter(TraceParent, ParameterLocation.Header, "W3C trace context.", new() { Type = JsonSchemaType.String })),
    ];

    public static IEnumerable<(int Status, string Description)> Problems =>
    [
        (400, "request/…: malformed, with the place."),
        (404, "…/not-found."),
        (409, "Refused by a rule of the entity, or idempotency/payload-differs."),
        (410, "task/deleted."),
        (412, "version/mismatch."),
        (413, "request/body-too-large."),
        (415, "request/content-type, request/content-encoding."),
        (429, "overloaded: nothing was done."),
        (503, "shard/unavailable, store/unavailable: nothing was done."),
        (504, "deadline: the outcome is unknown; repeat with the same key."),
    ];

    public static string ProblemName(int status) => string.Create(CultureInfo.InvariantCulture, $"Problem{status}");

    public static OpenApiResponse Problem(int status, string description, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [AnswerWriter.ProblemType] = new() { Schema = new OpenApiSchemaReference("Problem", document) },
        },
        Headers = status is 429 or 503
            ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = ResponseHeader("Seconds.", JsonSchemaType.Integer) }
            : null,
    };

    public static OpenApiHeader ResponseHeader(string description, JsonSchemaType type) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };

    private static OpenApiParameter Parameter(
        string name, ParameterLocation location, string description, OpenApiSchema schema, bool required = false) =>
        new() { Name = name, In = location, Required = required, Description = description, Schema = schema };

    private static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Limits.IdLength };
}
