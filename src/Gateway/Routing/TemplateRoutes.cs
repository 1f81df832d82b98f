using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Routing;

/// <summary>What can be done with one resource.</summary>
internal sealed class TemplateRoutes(string template, IReadOnlyList<Route> routes)
{
    public string Template => template;

    public bool HasIds { get; } = template.Contains('{', StringComparison.Ordinal);

    /// <summary>For the header of that name. HEAD stands beside every GET.</summary>
    public string Allow { get; } = string.Join(
        ", ",
        routes.SelectMany(route => HttpMethods.IsGet(route.Method) ? [route.Method, HttpMethods.Head] : new[] { route.Method })
            .Append(HttpMethods.Options)
            .Order(StringComparer.Ordinal));

    public Route? Find(string method)
    {
        var effective = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        foreach (var route in routes)
        {
            if (route.Method == effective)
            {
                return route;
            }
        }

        return null;
    }
}
