using System.Globalization;

namespace AkkaScale.Pbm.Management;

/// <summary>A shard as people write it: region/number, such as task/17.</summary>
public readonly record struct ShardName(string Region, int Number)
{
    /// <summary>Within the path of a route.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(Region)}/{Number}");

    /// <summary>Null: not of that form.</summary>
    public static ShardName? Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        return slash > 0 && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && text.IndexOf('/', StringComparison.Ordinal) == slash
            ? new ShardName(text[..slash], number)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Region}/{Number}");
}
