namespace AkkaScale.Pbm.Invocation;

/// <summary>Which management addresses to ask.</summary>
internal static class NodeAddress
{
    private static readonly string[] Loopback = ["127.0.0.1:8558", "127.0.0.1:8559", "127.0.0.1:8560"];

    /// <exception cref="UsageException">Not a host with a port.</exception>
    public static IReadOnlyList<Uri> Candidates(string? option)
    {
        var named = option ?? Environment.GetEnvironmentVariable("PBM_NODE");
        return string.IsNullOrWhiteSpace(named) ? [.. Loopback.Select(Parse)] : [Parse(named)];
    }

    private static Uri Parse(string text)
    {
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.Host.Length > 0
            && uri.PathAndQuery == "/"
            ? uri
            : throw new UsageException($"{text} is not the address of a node, such as 127.0.0.1:8558");
    }
}
