using AkkaScale.Gateway.Bodies;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Routing;

/// <summary>One method on one template. Templates alternate fixed segments and ids: /tasks/{id}/rename, /projects/{id}/members/{user}.</summary>
/// <param name="Summary">For the OpenAPI document and the index.</param>
internal abstract record Route(string Method, string Template, string Summary);

/// <summary>Changes an entity.</summary>
/// <param name="ToCommand">From body and ids to the command of the kind.</param>
internal sealed record CommandRoute(
    string Method,
    string Template,
    string Summary,
    Resource Resource,
    BodyShape Body,
    Func<CommandSource, object> ToCommand) : Route(Method, Template, Summary)
{
    /// <summary>POST on the collection: the id is made, not given.</summary>
    public bool MakesId { get; init; }

    /// <summary>May answer 201.</summary>
    public bool Creates { get; init; }

    /// <summary>The project that must take tasks before the command is done; null if there is none.</summary>
    public Func<object, string>? ProjectOf { get; init; }
}

/// <summary>Shows an entity.</summary>
internal sealed record ReadRoute(string Template, string Summary, Resource Resource) : Route(HttpMethods.Get, Template, Summary);

/// <summary>Shows a page of a task's comments.</summary>
internal sealed record CommentsRoute(string Template, string Summary, Resource Resource) : Route(HttpMethods.Get, Template, Summary);

/// <summary>Shows a fixed document: the index, the OpenAPI description.</summary>
internal sealed record DocumentRoute(string Template, string Summary, Func<ReadOnlyMemory<byte>> Document)
    : Route(HttpMethods.Get, Template, Summary);

/// <summary>What a command is made of.</summary>
/// <param name="Ids">Those in the path, in order; the first is the addressed entity's.</param>
internal readonly record struct CommandSource(BodyValues Body, IReadOnlyList<string> Ids);
