namespace AkkaScale.Pbm.Invocation;

/// <summary>What is given as `--gateway`, repeated or comma separated.</summary>
internal static class GatewayAddresses
{
    /// <exception cref="UsageException">Not an address.</exception>
    public static List<Uri> Parse(string[] given)
    {
        var gateways = new List<Uri>();
        foreach (var text in given.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/")
            {
                throw new UsageException($"--gateway {text} is not an address such as http://127.0.0.1:8080");
            }

            gateways.Add(uri);
        }

        return gateways;
    }
}
