namespace AkkaScale.Management.Access;

/// <summary>What of a request decides whether it is let in.</summary>
/// <param name="Host">Without the port; empty if the request names none.</param>
/// <param name="Authority">Host and port as the request names them.</param>
/// <param name="Authorization">Null: there is no such header.</param>
/// <param name="Origin">Of the page a browser sends it from; null: no browser, or its own page by GET.</param>
internal sealed record AccessRequest(string Method, string Path, string Host, string Authority, string? Authorization, string? Origin)
{
    /// <summary>Of an operator, although it changes nothing.</summary>
    public bool NeedsOperator { get; init; }
}
