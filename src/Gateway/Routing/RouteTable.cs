using System.Collections.Frozen;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Ids;
using AkkaScale.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Routing;

/// <summary>
/// Finds routes by raw segments. The framework's routing is not used: it folds dot segments before it matches and leaves %2F in what
/// it matched, so that an id could reach another route, and two spellings one entity.
/// </summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<string, TemplateRoutes> _byShape;

    public RouteTable(IReadOnlyList<Route> routes)
    {
        Routes = routes;
        _byShape = routes
            .GroupBy(route => route.Template)
            .ToFrozenDictionary(group => ShapeOf(group.Key), group => new TemplateRoutes(group.Key, [.. group]));
    }

    public IReadOnlyList<Route> Routes { get; }

    /// <summary>
    /// The routes of the addressed resource and the ids in the path, or why there are none: an id that is none (400), a path that is no resource (404).
    /// </summary>
    public Problem? TryFind(RequestTarget target, out TemplateRoutes? found, out string[] ids)
    {
        var segments = target.Segments;
        ids = [];
        if (!_byShape.TryGetValue(ShapeOf(segments), out found) && !_byShape.TryGetValue('/' + string.Join('/', segments), out found))
        {
            return NotFound(segments);
        }

        if (!found.HasIds)
        {
            return null;
        }

        ids = new string[segments.Length / 2];
        for (var i = 0; i < ids.Length; i++)
        {
            if (EntityId.Decode(segments[(2 * i) + 1], out ids[i]) is { } fault)
            {
                return InvalidId((2 * i) + 2, fault);
            }
        }

        return null;
    }

    /// <summary>A path of no resource with something in it that could be taken for a path is told so: it is an attempt at another route.</summary>
    private static Problem NotFound(string[] segments)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length > 0 && EntityId.Decode(segments[i], out _) is { } fault)
            {
                return InvalidId(i + 1, fault);
            }
        }

        return new(StatusCodes.Status404NotFound, ProblemCodes.RequestNoSuchRoute, "There is no such route; GET / lists those there are.");
    }

    private static Problem InvalidId(int segment, string fault) =>
        Problem.BadRequest(ProblemCodes.RequestId, $"The id in segment {segment} of the path {fault}.");

    /// <summary>The template with its ids blank, as the same path gives it: ids stand at every second place.</summary>
    private static string ShapeOf(string template) =>
        template.Contains('{', StringComparison.Ordinal) ? ShapeOf(template[1..].Split('/')) : template;

    private static string ShapeOf(string[] segments) => segments switch
    {
        [] => "/",
        [var first] => $"/{first}",
        [var first, _] => $"/{first}/{{}}",
        [var first, _, var third] => $"/{first}/{{}}/{third}",
        [var first, _, var third, _] => $"/{first}/{{}}/{third}/{{}}",
        _ => "",
    };
}
