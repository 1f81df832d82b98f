using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Gateway.Bodies;
using AkkaScale.Gateway.Routing;
using Microsoft.OpenApi;

namespace AkkaScale.Gateway.OpenApi;

/// <summary>The shapes of answers. Tests compare them with what is sent.</summary>
internal static class AnswerSchemas
{
    public static IEnumerable<(string Name, OpenApiSchema Schema)> All =>
    [
        ("User", Closed(
            ("id", Text()), ("version", Version()), ("name", Text()), ("email", Text(nullable: true)), ("createdAt", Time()), ("updatedAt", Time()))),
        ("Project", Closed(
            ("id", Text()), ("version", Version()), ("name", Text()), ("owner", Text()),
            ("archived", new() { Type = JsonSchemaType.Boolean }),
            ("members", ArrayOf(Closed(("user", Text()), ("role", BodyField.Choice<MemberRole>("role").Schema)))),
            ("createdAt", Time()), ("updatedAt", Time()))),
        ("Task", Closed(
            ("id", Text()), ("version", Version()), ("project", Text()), ("title", Text()), ("description", Text(nullable: true)),
            ("priority", BodyField.Choice<Priority>("priority").Schema), ("due", Time(nullable: true)), ("labels", ArrayOf(Text())),
            ("assignee", Text(nullable: true)), ("status", BodyField.Choice<WorkStatus>("status").Schema), ("commentCount", Version()),
            ("createdBy", Text()), ("createdAt", Time()), ("updatedAt", Time()))),
        ("Comments", Closed(
            ("items", ArrayOf(Closed(("version", Version()), ("author", Text()), ("text", Text()), ("at", Time())))),
            ("next", new() { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int64" }))),
        ("Problem", Problem()),
    ];

    public static string NameOf(Route route) => route switch
    {
        CommentsRoute => "Comments",
        CommandRoute { Resource: var resource } => NameOf(resource),
        ReadRoute { Resource: var resource } => NameOf(resource),
        _ => throw new ArgumentException($"A {route.GetType().Name} shows no entity.", nameof(route)),
    };

    private static string NameOf(Resource resource) => char.ToUpperInvariant(resource.Kind[0]) + resource.Kind[1..];

    private static OpenApiSchema Problem()
    {
        var schema = Closed(
            ("type", Text()), ("title", Text()), ("status", new() { Type = JsonSchemaType.Integer }), ("detail", Text()), ("code", Text()),
            ("version", Version()));
        schema.Required!.Remove("version");
        schema.Properties!["version"].Description = "Of the entity, where one answered.";
        return schema;
    }

    private static OpenApiSchema Closed(params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Required = members.Select(member => member.Name).ToHashSet(),
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
    };

    private static OpenApiSchema ArrayOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static OpenApiSchema Text(bool nullable = false) =>
        new() { Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String };

    private static OpenApiSchema Time(bool nullable = false)
    {
        var schema = Text(nullable);
        schema.Format = "date-time";
        return schema;
    }

    private static OpenApiSchema Version() => new() { Type = JsonSchemaType.Integer, Format = "int64" };
}
