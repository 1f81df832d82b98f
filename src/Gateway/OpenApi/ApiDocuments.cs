using System.Text.Json;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Routing;
using Microsoft.OpenApi;

namespace AkkaScale.Gateway.OpenApi;

/// <summary>What the API says of itself: an index at / and the OpenAPI description. Both are made once, of the routes themselves.</summary>
internal static class ApiDocuments
{
    public const string OpenApiTemplate = "/openapi/v1.json";

    public static IEnumerable<Route> Of(IReadOnlyList<Route> resources)
    {
        var index = new Lazy<byte[]>(() => Index(resources));
        var openApi = new Lazy<byte[]>(() => Describe(resources));
        return
        [
            new DocumentRoute("/", "List the routes.", () => index.Value),
            new DocumentRoute(OpenApiTemplate, "Describe the API.", () => openApi.Value),
        ];
    }

    private static byte[] Index(IReadOnlyList<Route> routes)
    {
        using var buffer = new AnswerBuffer();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, "AkkaScale task API");
            json.WriteString("openapi"u8, OpenApiTemplate);
            json.WriteStartArray("routes"u8);
            foreach (var route in routes)
            {
                json.WriteStringValue($"{route.Method} {route.Template}");
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.Written.ToArray();
    }

    private static byte[] Describe(IReadOnlyList<Route> routes)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new OpenApiDescription(routes).Build().SerializeAsV31(new OpenApiJsonWriter(text));
        return System.Text.Encoding.UTF8.GetBytes(text.ToString());
    }
}
