using System.Globalization;

namespace AkkaScale.Node.Options;

/// <summary>Host and port, as others reach them.</summary>
/// <param name="Host">Without brackets, also of IPv6.</param>
internal sealed record HostPort(string Host, int Port)
{
    /// <summary>Null: it is not of that form.</summary>
    public static HostPort? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new HostPort(text[..colon].Trim('[', ']'), port)
            : null;
    }

    /// <exception cref="FormatException">It is not of that form, which its options should have found.</exception>
    public static HostPort Of(string bind, string advertise) => Parse(advertise.Length > 0 ? advertise : bind)
        ?? throw new FormatException($"{(advertise.Length > 0 ? advertise : bind)} is no host:port.");

    public Uri Url => new UriBuilder(Uri.UriSchemeHttp, Host, Port).Uri;
}
